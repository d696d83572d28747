import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { eventually } from './eventually.js';
import { TcpProxy } from './tcp-proxy.js';

describe('the TCP proxy', () => {
  let echo: Server;
  let proxy: TcpProxy;
  const clients: Socket[] = [];

  beforeEach(async () => {
    echo = createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await TcpProxy.start({ targetPort: (echo.address() as AddressInfo).port, labelOf: (bytes) => bytes.toString().slice(0, 1) });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.stop();
    echo.close();
  });

  /** A client that has said its label, and what it has heard. */
  async function client(label: string): Promise<{ socket: Socket; heard: () => string; closed: () => boolean }> {
    const socket = connect(proxy.port, '127.0.0.1');
    let heard = '';
    let closed = false;
    socket.on('data', (bytes: Buffer) => (heard += bytes.toString())).on('error', () => undefined).on('close', () => (closed = true));
    clients.push(socket);
    await once(socket, 'connect');
    socket.write(label);
    return { socket, heard: () => heard, closed: () => closed };
  }

  it('hands everything on in both directions and in order', async () => {
    const one = await client('a');
    for (let index = 0; index < 500; index += 1) one.socket.write(`${index},`);
    const wanted = `a${Array.from({ length: 500 }, (_, index) => `${index},`).join('')}`;
    await eventually(() => expect(one.heard()).toBe(wanted));
  });

  it('cuts and refuses one label and leaves the others alone, until it is mended', async () => {
    const [a, b] = [await client('a'), await client('b')];
    await eventually(() => expect([a.heard(), b.heard()]).toEqual(['a', 'b']));
    proxy.refuse('a');
    await eventually(() => expect(a.closed()).toBe(true));
    const again = await client('a');
    await eventually(() => expect(again.closed()).toBe(true));
    b.socket.write('!');
    await eventually(() => expect(b.heard()).toBe('b!'));
    proxy.mend('a');
    const mended = await client('a');
    await eventually(() => expect(mended.heard()).toBe('a'));
  });

  it('delays what it carries', async () => {
    const one = await client('a');
    await eventually(() => expect(one.heard()).toBe('a'));
    proxy.delay(200, 'a');
    const sentAt = Date.now();
    one.socket.write('b');
    await eventually(() => expect(one.heard()).toBe('ab'));
    expect(Date.now() - sentAt).toBeGreaterThanOrEqual(400);
  });

  it('lets nothing through a frozen connection, loses nothing of it and closes nothing', async () => {
    const [frozen, other] = [await client('a'), await client('b')];
    await eventually(() => expect(frozen.heard()).toBe('a'));
    proxy.freeze('a');
    frozen.socket.write('later');
    other.socket.write('now');
    await eventually(() => expect(other.heard()).toBe('bnow'));
    expect(frozen.heard()).toBe('a');
    expect(frozen.closed()).toBe(false);
    proxy.mend('a');
    await eventually(() => expect(frozen.heard()).toBe('alater'));
  });

  it('stops although somebody has connected and never says anything', async () => {
    const silent = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    clients.push(silent);
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    await proxy.stop();
    await closed;
    proxy = await TcpProxy.start({ targetPort: (echo.address() as AddressInfo).port });
  });
});
