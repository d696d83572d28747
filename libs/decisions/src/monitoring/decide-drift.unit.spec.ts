import { seededRandom } from '../statistics/seeded-random.js';
import type { Random } from '../statistics/seeded-random.js';
import { decideDrift } from './decide-drift.js';
import type { DriftDecision, JudgedWindow } from './decide-drift.js';
import { monitoringPolicyOf } from './monitoring-policy.js';
import { pinColumn } from './pin-column.js';
import { referenceOf } from './reference-of.js';
import type { Reference } from './reference-of.js';
import { columnWindowOf } from './window-profile.js';
import type { ColumnValue, WindowProfile } from './window-profile.js';

const policy = monitoringPolicyOf({ windowMs: 86_400_000, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 90 * 86_400_000 } });
const distances = [120, 184, 227, 305, 405, 599, 606, 733, 867, 925, 1197, 1447, 1744, 1846];

/** A day of flights-like rows: distances from a fixed list, a delay whose level differs from day to day, an origin. */
function day(random: Random, rows = 400): Record<string, ColumnValue>[] {
  const level = 8 + 6 * random();
  return Array.from({ length: rows }, () => ({
    distance: distances[Math.floor(random() ** 1.5 * distances.length)] ?? 0,
    delay: level * -Math.log(1 - random()) - 5,
    origin: random() < 0.6 ? 'ATL' : 'ORD',
  }));
}

function dateOf(index: number): string {
  return `2001-01-${String(index + 1).padStart(2, '0')}`;
}

/** A watched pipeline: ten days of reference and its pinned columns. */
function launch(random: Random): { reference: Reference; profile: (index: number, records: Record<string, ColumnValue>[]) => WindowProfile } {
  const days = Array.from({ length: 10 }, () => day(random));
  const valuesOf = (name: string, records: Record<string, ColumnValue>[]): ColumnValue[] => records.map((row) => row[name] ?? null);
  const kinds = [['distance', 'numeric'], ['delay', 'numeric'], ['origin', 'category']] as const;
  const pinned = kinds.map(([name, kind]) => pinColumn(name, kind, valuesOf(name, days.flat())));
  const profile = (index: number, records: Record<string, ColumnValue>[]): WindowProfile => {
    const columns = Object.fromEntries(pinned.map((column) => [column.name, columnWindowOf(column, valuesOf(column.name, records))]));
    return { from: dateOf(index), to: dateOf(index + 1), rows: records.length, columns };
  };
  return { reference: referenceOf(pinned, days.map((records, i) => profile(i, records)), policy), profile };
}

const random = seededRandom(11);
const { reference, profile } = launch(random);

function watch(days: Record<string, ColumnValue>[][]): DriftDecision[] {
  const recent: JudgedWindow[] = [];
  return days.map((records, i) => {
    const decision = decideDrift(profile(10 + i, records), reference, recent, policy);
    recent.push(decision.next);
    return decision;
  });
}

describe('watching whole days', () => {
  test('sets bounds from how the reference days differ among themselves', () => {
    const bounds = Object.fromEntries(reference.columns.map(({ column, threshold }) => [column.name, threshold]));
    expect(bounds.delay).toBeGreaterThan(bounds.distance ?? NaN);
    for (const { distances: all, threshold } of reference.columns) expect(Math.max(...all)).toBeLessThanOrEqual(threshold);
  });

  test('keeps to its budget of false alarms: about one in ninety ordinary days', () => {
    let alarms = 0;
    for (let pipeline = 0; pipeline < 20; pipeline += 1) {
      const its = launch(random);
      const recent: JudgedWindow[] = [];
      let alarmed = false;
      for (let i = 0; i < 30; i += 1) {
        const decision = decideDrift(its.profile(10 + i, day(random)), its.reference, recent, policy);
        recent.push(decision.next);
        if (decision.verdict === 'drift' && !alarmed) alarms += 1;
        alarmed = decision.verdict === 'drift' || (alarmed && decision.next.verdict === 'out-of-bounds');
      }
    }
    expect(alarms).toBeLessThanOrEqual(12);
  });

  test('needs two of three days before it says that a column moved, and names the first of them', () => {
    const ordinary = [...day(random), ...day(random), ...day(random), ...day(random)];
    const moved = (): Record<string, ColumnValue>[] => day(random).map((row) => ({ ...row, delay: 3 * Number(row.delay) + 20 }));
    const decisions = watch([ordinary, moved(), moved()]);
    expect(decisions.map(({ verdict }) => verdict)).toEqual(['normal', 'normal', 'drift']);
    expect(decisions[2]).toMatchObject({ changePoint: '2001-01-12', columns: [{ column: 'delay' }] });
    expect(decisions[2]?.next.signs).toEqual([]);
  });

  test.each([
    ['kilometres for miles', 1.609344],
    ['miles for kilometres', 1 / 1.609344],
    ['metres for feet', 0.3048],
    ['centimetres for inches', 2.54],
    ['cents for dollars', 100],
    ['thousandths', 1000],
    ['a factor that no unit has', 7.3],
  ])('recognises %s at the first day and finds the factor', (_, factor) => {
    const [decision] = watch([day(random).map((row) => ({ ...row, distance: Number(row.distance) * factor }))]);
    expect(decision?.verdict).toBe('drift');
    expect(decision?.next.signs.map(({ sign, column }) => [sign, column])).toEqual([['unit-jump', 'distance']]);
    expect(Math.abs(Math.log((decision?.columns[0]?.factor ?? 0) / factor))).toBeLessThan(0.1);
    expect(decision?.columns[0]?.column).toBe('distance');
    expect(decision?.columns[0]?.share).toBeGreaterThan(0.9);
  });

  test('does not take flights that became longer for another unit', () => {
    const [decision] = watch([day(random).map((row) => ({ ...row, distance: Math.min(1846, Number(row.distance) + 300) }))]);
    expect(decision?.next.verdict).toBe('out-of-bounds');
    expect(decision?.next.signs).toEqual([]);
  });

  test('recognises a burst of missing values, of new categories and a constant column', () => {
    const broken = (change: Record<string, ColumnValue>, share: number): string[] =>
      watch([day(random).map((row, i) => (i % 100 < 100 * share ? { ...row, ...change } : row))])[0]?.next.signs.map(({ sign }) => sign) ?? [];
    expect(broken({ distance: null }, 0.3)).toEqual(['burst-of-nulls']);
    expect(broken({ origin: 'XXX' }, 0.2)).toEqual(['burst-of-new-categories']);
    expect(broken({ origin: 'ATL' }, 1)).toEqual(['constant-column']);
  });

  test('notices that the source stopped although nothing can be said of so few rows', () => {
    const [decision] = watch([day(random, 12)]);
    expect(decision).toMatchObject({ verdict: 'drift', next: { signs: [{ sign: 'source-stopped', column: null }] } });
  });

  test('cannot say on few rows or without a reference of several days', () => {
    const thin = { ...reference, windows: reference.windows.slice(0, 2) };
    expect(decideDrift(profile(10, day(random)), thin, [], policy)).toMatchObject({ verdict: 'cannot-say', columns: [] });
    const small = { ...reference, windows: reference.windows.map((window) => ({ ...window, rows: 40 })) };
    expect(decideDrift(profile(10, day(random, 29)), small, [], policy).verdict).toBe('cannot-say');
  });
});
