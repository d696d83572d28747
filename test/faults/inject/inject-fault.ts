import { setTimeout as pause } from 'node:timers/promises';
import type { FaultyPlatform } from '../platform/faulty-platform.ts';
import { serviceOf } from '../plan/plan-faults.ts';
import type { Supplier, Trouble } from '../plan/fault.ts';
import { joinGroup } from './join-group.ts';
import { within } from '../within.ts';
import { sendAgain } from './send-again.ts';

/** How long a process is given to pass its armed point before it is killed anyway. */
const passMs = 12_000;
/** How long a process that was killed may take to be ready again before the campaign says so. */
const backMs = 180_000;
const lookMs = 50;

/** Makes one trouble and waits until it is over. @returns what was seen, in words */
export async function injectFault(platform: FaultyPlatform, trouble: Trouble): Promise<string> {
  switch (trouble.kind) {
    case 'kill': return kill(platform, trouble.process);
    case 'kill-at-point': return killAtPoint(platform, trouble);
    case 'stand-still': return standStill(platform, trouble.process, trouble.durationMs);
    case 'kill-supplier': return end(platform, trouble.supplier, 'SIGKILL');
    case 'restart-supplier': return end(platform, trouble.supplier, trouble.supplier === 'postgres' ? 'SIGINT' : 'SIGTERM');
    case 'objects-away': return objectsAway(platform, trouble.durationMs);
    case 'duplicates': return `sent ${await within('sending again', () => sendAgain(platform.running.kafkaBrokers, trouble))} events again`;
    case 'rebalance': return joinGroup(platform.running.kafkaBrokers, trouble);
    default: return spoilConnections(platform, trouble);
  }
}

async function kill(platform: FaultyPlatform, name: string): Promise<string> {
  await untilRuns(platform, name);
  return end(platform, name, 'SIGKILL');
}

async function killAtPoint(platform: FaultyPlatform, { process, point, passage }: Extract<Trouble, { kind: 'kill-at-point' }>): Promise<string> {
  const pid = await untilRuns(platform, process);
  platform.arm(process, point, passage);
  const isReached = await until(() => platform.part(process).pid !== pid, passMs);
  if (!isReached) return `did not pass ${point} ${passage} times in ${passMs / 1000} s, killed: ${await end(platform, process, 'SIGKILL')}`;
  return `died at the point; ${await backAgain(platform, process, pid)}`;
}

async function end(platform: FaultyPlatform, name: string, signal: NodeJS.Signals): Promise<string> {
  const pid = await untilRuns(platform, name);
  platform.signal(name, signal);
  return backAgain(platform, name, pid);
}

async function backAgain(platform: FaultyPlatform, name: string, before: number): Promise<string> {
  const startedMs = Date.now();
  const part = platform.part(name);
  const isBack = await until(() => part.state === 'running' && part.pid !== undefined && part.pid !== before, backMs);
  if (!isBack) throw new Error(`${name} was not back after ${backMs / 1000} s`);
  return `ready again after ${Date.now() - startedMs} ms`;
}

/** As a machine that is paused: afterwards it goes on as if nothing had been, though others have taken its work. */
async function standStill(platform: FaultyPlatform, name: string, durationMs: number): Promise<string> {
  const pid = await untilRuns(platform, name);
  platform.signal(name, 'SIGSTOP');
  await pause(durationMs);
  if (platform.part(name).pid === pid) platform.signal(name, 'SIGCONT');
  return `stood still for ${durationMs} ms`;
}

async function objectsAway(platform: FaultyPlatform, durationMs: number): Promise<string> {
  platform.takeObjects();
  await pause(durationMs);
  platform.giveObjects();
  return `objects were away for ${durationMs} ms`;
}

type ConnectionTrouble = Extract<Trouble, { kind: 'cut' | 'refuse' | 'delay' | 'half-open' }>;

async function spoilConnections(platform: FaultyPlatform, trouble: ConnectionTrouble): Promise<string> {
  const proxy = platform.proxies[trouble.supplier];
  const { service } = trouble;
  const count = proxy.connections(service);
  if (trouble.kind === 'cut') proxy.cut(service);
  if (trouble.kind === 'cut') return `${count} connections cut`;
  if (trouble.kind === 'refuse') proxy.refuse(service);
  if (trouble.kind === 'delay') proxy.delay(trouble.delayMs, service);
  if (trouble.kind === 'half-open') proxy.freeze(service);
  await pause(trouble.durationMs);
  proxy.mend(service);
  return `${count} connections for ${trouble.durationMs} ms`;
}

/** @returns its process id */
async function untilRuns(platform: FaultyPlatform, name: string | Supplier): Promise<number> {
  const part = platform.part(name);
  await until(() => part.state === 'running' && part.pid !== undefined, backMs);
  if (part.pid === undefined) throw new Error(`${name} does not run; nothing to be done to ${serviceOf(name)}`);
  return part.pid;
}

async function until(isSo: () => boolean, longestMs: number): Promise<boolean> {
  const deadline = Date.now() + longestMs;
  while (!isSo()) {
    if (Date.now() > deadline) return false;
    await pause(lookMs);
  }
  return true;
}
