import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface TcpProxyOptions {
  /** Port on the loopback address that connections are handed on to. */
  targetPort: number;
  /** Default: any free one. */
  port?: number;
  /** Names a connection by the first bytes that its client sends, so that trouble can be made for some alone. */
  labelOf?(firstBytes: Buffer): string;
}

/** What is wrong with the connections of a label. `frozen`: nothing goes through and nothing is closed, as with a half-open connection. */
interface Trouble {
  refused: boolean;
  frozen: boolean;
  delayMs: number;
}

interface Link {
  label: string;
  client: Socket;
  target: Socket;
}

const sound: Trouble = { refused: false, frozen: false, delayMs: 0 };
/** Stands for every label. */
export const everybody = '*';

/**
 * Hands TCP connections on to a port of this machine, and makes trouble for them when told: cuts them, refuses new ones, delays what they carry, or lets
 * nothing through while both ends believe in the connection.
 */
export class TcpProxy {
  readonly #links = new Set<Link>();
  /** Also those that did not say yet who they are. */
  readonly #clients = new Set<Socket>();
  readonly #troubles = new Map<string, Trouble>();
  readonly #frozen = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    private readonly options: TcpProxyOptions,
  ) {
    server.on('connection', (client) => void this.#accept(client));
  }

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const server = createServer({ noDelay: true }).listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, options);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections of a label stand now. */
  connections(label = everybody): number {
    return [...this.#links].filter((link) => label === everybody || link.label === label).length;
  }

  /** Ends the connections of a label as a lost network would, with a reset. */
  cut(label = everybody): void {
    for (const link of this.#links) if (label === everybody || link.label === label) end(link);
  }

  /** Cuts, and ends every new connection of a label as soon as it says who it is, until `mend`. */
  refuse(label = everybody): void {
    this.#change(label, { refused: true });
    this.cut(label);
  }

  /** Every piece arrives this much later, in both directions, until `mend`. */
  delay(delayMs: number, label = everybody): void {
    this.#change(label, { delayMs });
  }

  /** Nothing goes through until `mend`; what was sent meanwhile arrives then. */
  freeze(label = everybody): void {
    this.#change(label, { frozen: true });
  }

  /** All is well again for a label. */
  mend(label = everybody): void {
    this.#troubles.delete(label);
    for (const thaw of [...this.#frozen]) thaw();
  }

  async stop(): Promise<void> {
    this.#troubles.clear();
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    for (const client of this.#clients) client.destroy();
    for (const thaw of [...this.#frozen]) thaw();
    await closed;
  }

  #change(label: string, change: Partial<Trouble>): void {
    this.#troubles.set(label, { ...(this.#troubles.get(label) ?? sound), ...change });
  }

  #troubleOf(label: string): Trouble {
    const own = this.#troubles.get(label) ?? sound;
    const all = this.#troubles.get(everybody) ?? sound;
    return { refused: own.refused || all.refused, frozen: own.frozen || all.frozen, delayMs: Math.max(own.delayMs, all.delayMs) };
  }

  async #accept(client: Socket): Promise<void> {
    this.#clients.add(client);
    client.on('error', () => client.destroy()).on('close', () => this.#clients.delete(client));
    const firstBytes = await firstBytesOf(client);
    if (firstBytes === undefined) return;
    const label = this.options.labelOf?.(firstBytes) ?? everybody;
    if (this.#troubleOf(label).refused) return void client.resetAndDestroy();
    const target = connect({ host: '127.0.0.1', port: this.options.targetPort, noDelay: true });
    const link = { label, client, target };
    this.#links.add(link);
    for (const socket of [client, target]) socket.on('error', () => end(link)).on('close', () => (this.#links.delete(link), end(link)));
    client.unshift(firstBytes);
    await Promise.all([this.#carry(link, client, target), this.#carry(link, target, client)]);
  }

  /** Piece by piece, in order, waiting as the trouble of the moment asks. */
  async #carry({ label }: Link, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from) {
        await this.#wait(label, to);
        if (!to.write(piece as Buffer)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
      to.end();
    } catch {
      // One of the ends is gone; the other is ended with it.
    }
  }

  async #wait(label: string, to: Socket): Promise<void> {
    const { delayMs } = this.#troubleOf(label);
    if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
    while (this.#troubleOf(label).frozen && !to.destroyed) await this.#untilThawed(to);
  }

  #untilThawed(to: Socket): Promise<void> {
    return new Promise((done) => {
      const thaw = (): void => {
        this.#frozen.delete(thaw);
        to.off('close', thaw);
        done();
      };
      this.#frozen.add(thaw);
      to.on('close', thaw);
    });
  }
}

function end({ client, target }: Pick<Link, 'client' | 'target'>): void {
  if (!client.destroyed) client.resetAndDestroy();
  if (!target.destroyed) target.resetAndDestroy();
}

/** Undefined when the client goes before it says anything. */
async function firstBytesOf(client: Socket): Promise<Buffer | undefined> {
  const ended = new AbortController();
  try {
    const first = once(client, 'data', { signal: ended.signal }).then(([bytes]) => {
      client.pause();
      return bytes as Buffer;
    });
    const closed = once(client, 'close', { signal: ended.signal }).then(() => undefined);
    return await Promise.race([first, closed]);
  } finally {
    ended.abort();
  }
}
