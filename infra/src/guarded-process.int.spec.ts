import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandLineOf } from './command-line-of.js';
import { eventually } from './testing/eventually.js';
import { spawnGuarded } from './guarded-process.js';
import type { GuardedProcess, GuardedProcessOptions } from './guarded-process.js';

const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";
const waiting = 'setInterval(() => {}, 1000)';

describe('a guarded process', () => {
  let directory: string;
  let started: GuardedProcess[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'guarded-'));
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((process) => process.stop(0)));
    rmSync(directory, { recursive: true });
  });

  async function guarded(code: string, name = 'child'): Promise<GuardedProcess> {
    const options: GuardedProcessOptions = { name, command: process.execPath, args: ['-e', code], pidFile: join(directory, `${name}.pid`), stopSignal: 'TERM' };
    const child = await spawnGuarded(options);
    started.push(child);
    return child;
  }

  it('reports how it ended and takes its pid file away', async () => {
    const child = await guarded('setTimeout(() => process.exit(7), 200)');
    expect(JSON.parse(readFileSync(join(directory, 'child.pid'), 'utf8'))).toMatchObject({ pid: child.pid, stopSignal: 'TERM' });
    expect(await child.exited).toEqual({ code: 7, signal: null });
    expect(existsSync(join(directory, 'child.pid'))).toBe(false);
  });

  it('is killed when it does not end in time', async () => {
    const child = await guarded(stubborn);
    await new Promise((up) => child.outputs[0]?.once('data', up));
    await child.stop(100);
    expect(await commandLineOf(child.pid)).toBeUndefined();
  });

  it('ends with its parent, even when that is killed by -9', async () => {
    const child = await childOfKilledParent();
    await eventually(async () => (await commandLineOf(child)) === undefined);
  });

  it('is ended by the next start when it was left behind all the same', async () => {
    const first = await guarded(waiting);
    const second = await guarded(waiting);
    expect(await commandLineOf(first.pid)).toBeUndefined();
    expect(await commandLineOf(second.pid)).toContain(waiting);
  });

  it("lets a stranger alone that got the dead process's id", async () => {
    writeFileSync(join(directory, 'child.pid'), JSON.stringify({ pid: process.pid, commandLine: 'a program of ours', stopSignal: 'TERM' }));
    const child = await guarded(waiting);
    expect(child.running).toBe(true);
  });

  /** A second Node starts the child through the built module, tells its id and is killed. */
  async function childOfKilledParent(): Promise<number> {
    const module = pathToFileURL(join(import.meta.dirname, '../dist/guarded-process.js')).href;
    const options = { name: 'child', command: process.execPath, args: ['-e', waiting], pidFile: join(directory, 'child.pid'), stopSignal: 'TERM' };
    const code = `import(${JSON.stringify(module)}).then(async (m) => { console.log((await m.spawnGuarded(${JSON.stringify(options)})).pid); setInterval(() => {}, 1000); })`;
    const parent = spawn(process.execPath, ['-e', code]);
    const pid = await new Promise<number>((told) => parent.stdout.once('data', (data) => told(Number(data))));
    expect(await commandLineOf(pid)).toContain(waiting);
    parent.kill('SIGKILL');
    return pid;
  }
});
