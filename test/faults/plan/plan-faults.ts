import type { ServiceName } from '@millrace/infra';
import { SeededRandom } from '../../../examples/machine-wear/seeded-random.ts';
import { points } from './fault.ts';
import type { Fault, Point, Supplier, Trouble, TroubleKind } from './fault.ts';

export interface PlanOptions {
  seed: number;
  count: number;
  /** Mean time between two faults; they last longer, so that several are in flight. */
  meanGapMs: number;
  /** Processes that can be killed, `registry-2` among them. */
  processes: readonly string[];
}

/** How often each kind comes. The first faults of a plan are one of each kind, in an order of the seed's. */
const weights: Readonly<Record<TroubleKind, number>> = {
  kill: 20, 'kill-at-point': 34, 'stand-still': 6, 'kill-supplier': 5, 'restart-supplier': 4, cut: 8, refuse: 5, delay: 5, 'half-open': 5, 'objects-away': 4, duplicates: 6, rebalance: 5,
};
const kinds = Object.keys(weights) as TroubleKind[];
/** Who has no database has neither outbox nor lifecycle consumer; the gateway sends nothing at all. */
const withoutDatabase: readonly string[] = ['gateway', 'inference'];
const withoutPoints: readonly string[] = ['gateway'];
const recordPoints: readonly Point[] = ['before-records-sent', 'after-records-sent'];
/** A passage soon, or one in the middle of work. */
const mostPassages = 6;
/** Longer than a session's six seconds, so that partitions move. */
const longestMs = 8_000;

/** The faults of a campaign: what, whom, when. A pure function of its options. */
export function planFaults(options: PlanOptions): Fault[] {
  const random = new SeededRandom(options.seed);
  const first = shuffled(kinds, random);
  let atMs = 0;
  return Array.from({ length: options.count }, (_, index) => {
    atMs += Math.round(options.meanGapMs * (0.5 + random.uniform()));
    return { number: index + 1, atMs, trouble: troubleOf(first[index] ?? weighted(random), options.processes, random) };
  });
}

function troubleOf(kind: TroubleKind, processes: readonly string[], random: SeededRandom): Trouble {
  const process = random.pick(processes);
  const owner = random.pick(processes.filter((name) => !withoutDatabase.includes(serviceOf(name))));
  const supplier: Supplier = random.pick(['kafka', 'postgres']);
  const durationMs = Math.round(500 + random.uniform() * (longestMs - 500));
  const service = serviceOf(supplier === 'kafka' ? process : owner);
  switch (kind) {
    case 'kill': return { kind, process };
    case 'kill-at-point': return pointOf(random.pick(processes.filter((name) => !withoutPoints.includes(name))), random);
    case 'stand-still': return { kind, process, durationMs };
    case 'kill-supplier': case 'restart-supplier': return { kind, supplier };
    case 'cut': return { kind, service, supplier };
    case 'refuse': case 'half-open': return { kind, service, supplier, durationMs };
    case 'delay': return { kind, service, supplier, durationMs, delayMs: Math.round(20 + random.uniform() * 480) };
    case 'objects-away': return { kind, durationMs };
    case 'duplicates': return { kind, count: 1 + Math.floor(random.uniform() * 20), seed: Math.floor(random.uniform() * 2 ** 31) };
    case 'rebalance': return { kind, service: serviceOf(owner), durationMs };
  }
}

function pointOf(process: string, random: SeededRandom): Trouble {
  const sendsRecords = ['ingestion', 'inference'].includes(serviceOf(process));
  const own = withoutDatabase.includes(serviceOf(process)) ? recordPoints : points.filter((point) => sendsRecords || !recordPoints.includes(point));
  return { kind: 'kill-at-point', process, point: random.pick(own), passage: 1 + Math.floor(random.uniform() * mostPassages) };
}

/** `registry-2` → `registry` */
export function serviceOf(process: string): ServiceName {
  return process.replace(/-\d+$/, '') as ServiceName;
}

function weighted(random: SeededRandom): TroubleKind {
  let left = random.uniform() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return kinds.find((kind) => (left -= weights[kind]) < 0) ?? 'kill';
}

function shuffled<T>(values: readonly T[], random: SeededRandom): T[] {
  return values.map((value) => ({ value, place: random.uniform() })).sort((a, b) => a.place - b.place).map(({ value }) => value);
}
