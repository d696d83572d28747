import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { services } from './platform-settings.js';
import type { Ports, PlatformSettings } from './platform-settings.js';
import { runningIn } from './run-file.js';
import { serviceUrls } from './service-environment.js';

const run = promisify(execFile);

export interface PartStatus {
  name: string;
  state: 'ready' | 'not-ready' | 'down';
  /** `http://127.0.0.1:7405` or `127.0.0.1:7492` */
  address: string;
  /** Why it is not ready, in words. */
  detail?: string;
}

export interface PlatformStatus {
  running: boolean;
  home: string;
  startedAt?: string;
  /** Process that supervises. */
  pid?: number;
  mode?: 'compact' | 'one process per service';
  parts: PartStatus[];
  processes: { name: string; pid: number; residentMegabytes: number }[];
}

/** What runs in the home and how it is, asked of each service's `/health/ready` now. */
export async function platformStatus(settings: PlatformSettings): Promise<PlatformStatus> {
  const file = await runningIn(settings.home);
  if (file === undefined) return { running: false, home: settings.home, parts: [], processes: [] };
  const ports = file.ports ?? settings.ports;
  const processes = (file.parts ?? []).flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
  const [parts, memory] = await Promise.all([partsOf(ports, processes), Promise.all(processes.map(({ pid }) => residentMegabytesOf(pid)))]);
  return {
    running: true, home: settings.home, startedAt: file.startedAt, pid: file.pid, mode: file.compact === true ? 'compact' : 'one process per service', parts,
    processes: processes.flatMap((process, index) => (memory[index] === undefined ? [] : [{ ...process, residentMegabytes: memory[index] }])),
  };
}

async function partsOf(ports: Ports, processes: readonly { name: string; pid: number }[]): Promise<PartStatus[]> {
  const urls = serviceUrls(ports);
  const embedded = await Promise.all((['kafka', 'postgres'] as const).map(async (name): Promise<PartStatus> => {
    const pid = processes.find((process) => process.name === name)?.pid;
    const alive = pid !== undefined && (await residentMegabytesOf(pid)) !== undefined;
    return { name, state: alive ? 'ready' : 'down', address: `127.0.0.1:${ports[name]}` };
  }));
  return [...(await Promise.all(services.map(({ name }) => serviceStatus(name, urls[name])))), ...embedded];
}

async function serviceStatus(name: string, address: string): Promise<PartStatus> {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(2000) });
    const body = await response.text();
    return response.ok ? { name, state: 'ready', address } : { name, state: 'not-ready', address, detail: body.slice(0, 300) };
  } catch {
    return { name, state: 'down', address, detail: 'does not answer' };
  }
}

async function residentMegabytesOf(pid: number): Promise<number | undefined> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : Math.round(Number(stdout) / 1024);
}
