import { readdirSync, readFileSync } from 'node:fs';

/** Of a process and its descendants. */
export interface Usage {
  /** CPU time so far, user and system. */
  cpuMs: number;
  /** Resident memory of the process and its descendants, pages that several share counted by share (PSS). */
  residentMegabytes: number;
  /** Time that the main thread stood in the queue for a core: on a quiet machine next to nothing. */
  queuedMs: number;
}

const msPerTick = 10; // USER_HZ is 100 on every Linux that Node runs on

/** Reads /proc; Linux only. */
export function usageOf(pid: number): Usage {
  const tree = descendantsOf(pid);
  return {
    cpuMs: sum(tree.map((each) => ticksOf(each) * msPerTick)),
    residentMegabytes: sum(tree.map(proportionalKilobytesOf)) / 1024,
    queuedMs: Number(textOf(`/proc/${pid}/schedstat`).split(' ')[1] ?? 0) / 1e6,
  };
}

/** Share of all cores that was busy since the machine's counters said `earlier`, 0 to 1. */
export function busyShare(earlier: MachineTicks, later: MachineTicks): number {
  return 1 - (later.idle - earlier.idle) / Math.max(1, later.all - earlier.all);
}

export interface MachineTicks {
  idle: number;
  all: number;
}

export function machineTicks(): MachineTicks {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? [];
  const ticks = fields.slice(0, 8).map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: sum(ticks) };
}

function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = Number(statOf(Number(name))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const collect = (each: number): number[] => [each, ...(children.get(each) ?? []).flatMap(collect)];
  return collect(pid);
}

function ticksOf(pid: number): number {
  const stat = statOf(pid);
  return Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
}

/** Fields of /proc/<pid>/stat behind the name, the state first; empty for a process that has ended. */
function statOf(pid: number): string[] {
  return textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
}

function proportionalKilobytesOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
