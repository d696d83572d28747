import { seededRandom } from '../../statistics/seeded-random.js';
import type { Random } from '../../statistics/seeded-random.js';
import { decideDrift } from '../decide-drift.js';
import type { DriftDecision, JudgedWindow } from '../decide-drift.js';
import { monitoringPolicyOf } from '../monitoring-policy.js';
import { pinColumns } from '../pin-column.js';
import { profileOf } from '../profile-of.js';
import { boundedReference, referenceOf } from '../reference-of.js';
import type { Reference } from '../reference-of.js';
import type { ColumnValue, PinnedColumn, WindowProfile } from '../window-profile.js';

export type Row = Record<string, ColumnValue>;
export const DAY_MS = 86_400_000;
const START_MS = Date.parse('2001-01-01T00:00:00Z');
export const POLICY = monitoringPolicyOf({ windowMs: DAY_MS, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 90 * DAY_MS } });
const MILES = [120, 184, 227, 305, 405, 599, 606, 733, 867, 925, 1197, 1447, 1744, 1846];
const MADE = new Map<string, { pinned: PinnedColumn[]; reference: Reference }>();
const COLUMNS = [['distance', 'numeric'], ['delay', 'numeric'], ['duration', 'numeric'], ['origin', 'category'], ['product', 'category']] as const;

/** A day of flights-like rows: distances from a fixed list, a delay whose level differs from day to day, an origin. */
export function ordinaryDay(random: Random, rows = 400): Row[] {
  const level = 8 + 6 * random();
  return Array.from({ length: rows }, () => {
    const distance = MILES[Math.floor(random() ** 1.5 * MILES.length)] ?? 0;
    return { distance, delay: level * -Math.log(1 - random()) - 5, duration: 30 + 60 * random(), origin: random() < 0.6 ? 'ATL' : 'ORD', product: random() < 0.3 ? 'freight' : 'mail' };
  });
}

/** What was planted: rows of a day changed from a share of the day on. */
export function from(share: number, change: (row: Row) => Row): (rows: Row[]) => Row[] {
  return (rows) => rows.map((row, i) => (i >= share * rows.length ? change(row) : row));
}

/** A watched pipeline with a reference of ordinary days. */
export class WatchedColumns {
  readonly reference: Reference;
  readonly recent: JudgedWindow[] = [];
  readonly random: Random;
  private pinned: PinnedColumn[] = [];
  private day: number;

  /** The reference of one seed and length is made once. */
  constructor(seed = 11, days = 10) {
    const key = `${seed}/${days}`;
    const made = MADE.get(key) ?? this.make(seed, days);
    MADE.set(key, made);
    [this.pinned, this.reference] = [made.pinned, made.reference];
    this.random = seededRandom(seed + 1_000);
    this.day = days;
  }

  /** Rows lie evenly over their day. */
  profile(day: number, rows: readonly Row[], repeated = 0): WindowProfile {
    const fromMs = START_MS + day * DAY_MS;
    const timesMs = rows.map((_, i) => fromMs + (i / rows.length) * DAY_MS);
    const columns = Object.fromEntries(this.pinned.map(({ name }) => [name, rows.map((row) => row[name] ?? null)]));
    return profileOf({ fromMs, toMs: fromMs + DAY_MS }, this.pinned, { timesMs, columns, repeated });
  }

  private make(seed: number, days: number): { pinned: PinnedColumn[]; reference: Reference } {
    const random = seededRandom(seed);
    const past = Array.from({ length: days }, () => ordinaryDay(random));
    this.pinned = pinColumns(COLUMNS.map(([name, kind]) => ({ name, kind, values: past.flat().map((row) => row[name] ?? null) })));
    return { pinned: this.pinned, reference: referenceOf(this.pinned, past.map((rows, i) => this.profile(i, rows)), POLICY) };
  }

  judge(rows: readonly Row[] = ordinaryDay(this.random), repeated = 0): DriftDecision {
    return this.judgeProfile(this.profile(this.day, rows, repeated));
  }

  judgeProfile(profile: WindowProfile): DriftDecision {
    const decision = decideDrift(profile, boundedReference(this.reference, POLICY), this.recent, POLICY);
    this.recent.push(decision.next);
    this.day += 1;
    return decision;
  }

  /** Signs of one more day on which this was planted. */
  plant(change: (rows: Row[]) => Row[]): { signs: [string, string | null][]; decision: DriftDecision } {
    const decision = this.judge(change(ordinaryDay(this.random)));
    return { decision, signs: decision.next.signs.map(({ sign, column }) => [sign, column]) };
  }
}

export function dateOf(day: number): string {
  return new Date(START_MS + day * DAY_MS).toISOString();
}
