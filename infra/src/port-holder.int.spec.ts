import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePorts } from './free-ports.js';
import { holderOfPort, requireFreePorts } from './port-holder.js';

describe('the holder of a port', () => {
  let port: number;
  let holder: ChildProcess;
  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    holder = spawn(process.execPath, ['-e', `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`]);
    await once(holder.stdout ?? holder, 'data');
  });
  afterAll(() => holder.kill());

  it('is named with its process id and command', async () => {
    await expect(requireFreePorts({ kafka: { port, setting: 'MILLRACE_KAFKA_PORT' } })).rejects.toThrow(
      process.platform === 'linux' ? new RegExp(`^Port ${port} \\(kafka\\) is taken by process ${holder.pid} \\(.*node.*MILLRACE_KAFKA_PORT`) : /is taken/,
    );
  });

  it('is nobody for a free port', async () => {
    const [free = 0] = await freePorts(1);
    await requireFreePorts({ postgres: { port: free, setting: 'MILLRACE_POSTGRES_PORT' } });
    expect(await holderOfPort(free)).toBeUndefined();
  });
});
