import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineOf } from './command-line-of.js';
import { spawnGuarded } from './guarded-process.js';
import type { GuardedProcess } from './guarded-process.js';
import { keepRunning } from './keep-running.js';
import { eventually } from './testing/eventually.js';

describe('a part that is kept running', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'kept-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  function start(): Promise<GuardedProcess> {
    return spawnGuarded({ name: 'part', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], pidFile: join(directory, 'part.pid'), stopSignal: 'TERM' });
  }

  it('is started again after it was killed, and says so', async () => {
    const reports: string[] = [];
    const part = await keepRunning('part', start, (text) => reports.push(text));
    const firstPid = part.pid ?? 0;
    process.kill(firstPid, 'SIGKILL');
    await eventually(() => part.state === 'running' && part.pid !== firstPid && part.pid !== undefined);
    expect(part.restarts).toBe(1);
    expect(reports).toEqual([expect.stringMatching(/^ended with exit code .*again in 0.5 s$/), 'is running again']);
    await part.stop();
  }, 20_000);

  it('is not started again after it was stopped', async () => {
    const part = await keepRunning('part', start, () => undefined);
    const pid = part.pid ?? 0;
    await part.stop();
    expect(part.state).toBe('stopped');
    expect(await commandLineOf(pid)).toBeUndefined();
  }, 20_000);

  it('can be stopped while it waits for its next start', async () => {
    const part = await keepRunning('part', start, () => undefined);
    process.kill(part.pid ?? 0, 'SIGKILL');
    await eventually(() => part.state === 'restarting');
    await part.stop();
    expect(part.restarts).toBe(0);
  }, 20_000);

  it('hands a failure of the first start to the caller', async () => {
    await expect(keepRunning('part', () => Promise.reject(new Error('no such program')), () => undefined)).rejects.toThrow('no such program');
  });
});
