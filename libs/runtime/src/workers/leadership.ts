import type pg from 'pg';
import type { Logger } from 'pino';
import type { ServiceIdentity } from '../service-identity.js';
import type { Database } from '../work/database.js';
import { lockNumber } from '../work/lock-number.js';

/** Someone who works while this process leads the service. */
export interface Led {
  /** This process leads now. */
  lead(): void;
  /** It leads no longer; another process may. */
  follow(): void;
  /** Another process of the service has something for whoever leads. */
  notified(payload: string): void;
}

/** How often a process that does not lead asks for the lock, and one that lost the database tries to connect. */
const retryMs = 2_000;

/**
 * One process per service leads: it holds a session advisory lock on a connection of its own and listens there for notifications
 * from the others. The lock goes with the connection, so that after a kill another process leads within two seconds.
 */
export class Leadership {
  readonly channel: string;
  #client: pg.Client | undefined;
  #isLeader = false;
  #isRunning = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #led: Led[] = [];
  readonly #lock: bigint;

  constructor(
    private readonly database: Database,
    private readonly identity: ServiceIdentity,
    private readonly logger: Logger,
  ) {
    this.channel = `millrace_${database.schema}`;
    this.#lock = lockNumber(database.schema, 'leader');
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  add(led: Led): void {
    this.#led.push(led);
    if (this.#isLeader) led.lead();
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    await this.#seek();
  }

  /** Gives the lock back. Call when everything led has stopped. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    this.#lose();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** Tells the leader, wherever it is. */
  async notify(payload: string): Promise<void> {
    if (this.#isLeader) return this.#tell(payload);
    await this.database.query('select pg_notify($1, $2)', [this.channel, payload]);
  }

  async #seek(): Promise<void> {
    try {
      this.#client ??= await this.#connect();
      const { rows } = await this.#client.query<{ led: boolean }>('select pg_try_advisory_lock($1) as led', [this.#lock]);
      if (!rows[0]?.led) return this.#seekLater();
      await this.#client.query(`listen "${this.channel}"`);
      this.#win();
    } catch (error) {
      this.logger.warn({ err: error }, 'cannot ask for leadership');
      this.#disconnected(this.#client);
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = await this.database.connectAlone();
    client.on('error', () => this.#disconnected(client));
    client.on('end', () => this.#disconnected(client));
    client.on('notification', ({ payload = '' }) => this.#tell(payload));
    return client;
  }

  #disconnected(client: pg.Client | undefined): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    void client?.end().catch(() => undefined);
    this.#lose();
    this.#seekLater();
  }

  #seekLater(): void {
    clearTimeout(this.#timer);
    if (this.#isRunning) this.#timer = setTimeout(() => void this.#seek(), retryMs);
  }

  #win(): void {
    if (!this.#isRunning) return;
    this.logger.debug({ instance: this.identity.instance }, 'leads the service');
    this.#isLeader = true;
    for (const led of this.#led) led.lead();
  }

  #lose(): void {
    if (!this.#isLeader) return;
    this.#isLeader = false;
    for (const led of this.#led) led.follow();
  }

  #tell(payload: string): void {
    for (const led of this.#led) led.notified(payload);
  }
}
