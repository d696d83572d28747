import { seededRandom } from '../statistics/seeded-random.js';
import { decideDrift } from './decide-drift.js';
import { boundedReference } from './reference-of.js';
import { DAY_MS, POLICY, WatchedColumns, dateOf, from, ordinaryDay } from './testing/watched-columns.js';
import type { Row } from './testing/watched-columns.js';

describe('watching whole days', () => {
  test('keeps to its budget of false alarms over ordinary days', () => {
    let alarms = 0;
    for (let pipeline = 0; pipeline < 6; pipeline += 1) {
      const watched = new WatchedColumns(pipeline);
      for (let i = 0; i < 20; i += 1) if (watched.judge().verdict === 'drift') alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(4);
  });

  test('needs two of three days before it says that a column moved, and names the first of them and when it began', () => {
    const watched = new WatchedColumns(13);
    for (let i = 0; i < 5; i += 1) watched.judge();
    const moved = (): Row[] => ordinaryDay(watched.random).map((row) => ({ ...row, delay: 3 * Number(row['delay']) + 20 }));
    const decisions = [watched.judge(), watched.judge(moved()), watched.judge(moved())];
    expect(decisions.map(({ verdict }) => verdict)).toEqual(['normal', 'normal', 'drift']);
    expect(decisions[2]).toMatchObject({ changePoint: dateOf(16), changeInterval: { from: dateOf(16), to: dateOf(17) }, columns: [{ column: 'delay', rows: 400 }] });
    expect(decisions[2]?.columns[0]?.shifted).toBeGreaterThan(0.3);
    expect(decisions[2]?.next.signs).toEqual([]);
  });

  test('says what it cannot promise with ten days of reference, and the widest honest promise', () => {
    const promise = new WatchedColumns().judge().because.find(({ check }) => check === 'promise-of-false-alarms');
    expect(promise).toMatchObject({ passed: false, measured: 12 * DAY_MS, bound: 180 * DAY_MS });
    expect(promise?.detail).toBe('Cannot promise one false alarm in 180d by 10 reference windows: the widest honest promise is one in 12d');
  });

  test('does not stand in alarm for ever by a reference that promises nothing: what lasts longer than a week is usual', () => {
    const watched = new WatchedColumns(13);
    for (let i = 0; i < 9; i += 1) watched.judge();
    const moved = Array.from({ length: 16 }, () => watched.judge(ordinaryDay(watched.random).map((row) => ({ ...row, delay: 1.5 * Number(row['delay']) + 5 }))));
    expect(moved.slice(0, 7).map(({ next }) => next.verdict)).toEqual(new Array(7).fill('out-of-bounds'));
    expect(moved.slice(-4).map(({ next }) => next.verdict)).toEqual(new Array(4).fill('in-bounds'));
  });

  test('cannot say on few rows or without a reference of several days', () => {
    const watched = new WatchedColumns();
    const thin = { ...watched.reference, windows: watched.reference.windows.slice(0, 2) };
    const profile = watched.profile(10, ordinaryDay(watched.random));
    expect(decideDrift(profile, boundedReference(thin, POLICY), [], POLICY)).toMatchObject({ verdict: 'cannot-say', columns: [] });
    const [one] = ordinaryDay(watched.random);
    expect(watched.judge(one ? [one] : []).verdict).toBe('cannot-say');
    expect(watched.judge(ordinaryDay(watched.random, 29)).verdict).toBe('cannot-say');
  });

  test('never passes silently over a column that cannot be judged', () => {
    const watched = new WatchedColumns();
    const withoutColumn = watched.profile(10, ordinaryDay(watched.random));
    delete withoutColumn.columns['delay'];
    expect(watched.judgeProfile(withoutColumn).because).toContainEqual(expect.objectContaining({ check: 'can-judge-delay', passed: false }));
  });
});

describe('signs of broken data', () => {
  test.each([
    ['kilometres for miles', 1.609344],
    ['miles for kilometres', 1 / 1.609344],
    ['metres for feet', 0.3048],
    ['centimetres for inches', 2.54],
    ['cents for dollars', 100],
    ['thousandths', 1000],
    ['a factor that no unit has', 7.3],
  ])('show %s at the first day with the factor', (_, factor) => {
    const { signs, decision } = new WatchedColumns().plant(from(0, (row) => ({ ...row, distance: Number(row['distance']) * factor })));
    expect(decision.verdict).toBe('drift');
    expect(signs).toEqual([['unit-jump', 'distance']]);
    expect(Math.abs(Math.log((decision.columns[0]?.factor ?? 0) / factor))).toBeLessThan(0.1);
    expect(decision.columns[0]?.share).toBeGreaterThan(0.9);
  });

  test.each([0.3, 0.5, 0.6])('show kilometres for miles on the very day, also when it begins after %s of it', (share) => {
    const { signs, decision } = new WatchedColumns().plant(from(share, (row) => ({ ...row, distance: 1.609344 * Number(row['distance']) })));
    expect(signs).toEqual([['unit-jump', 'distance']]);
    const began = Date.parse(dateOf(10)) + share * DAY_MS;
    expect(decision.next.signs[0]?.factor).toBe(1.609344);
    expect(Date.parse(decision.next.signs[0]?.began ?? '')).toBeLessThanOrEqual(began);
    expect(began - Date.parse(decision.next.signs[0]?.began ?? '')).toBeLessThanOrEqual(DAY_MS / 2);
  });

  test('show a unit that was mended at noon, until then', () => {
    const { signs, decision } = new WatchedColumns().plant((rows) => rows.map((row, i) => (i < rows.length / 2 ? { ...row, distance: 1.609344 * Number(row['distance']) } : row)));
    expect(signs).toEqual([['unit-jump', 'distance']]);
    expect(['T12', 'T15', 'T18']).toContain(decision.next.signs[0]?.ended.slice(10, 13));
  });

  test('do not show for flights that became longer', () => {
    const { signs, decision } = new WatchedColumns().plant(from(0, (row) => ({ ...row, distance: Math.min(1846, Number(row['distance']) + 300) })));
    expect(decision.next.verdict).toBe('out-of-bounds');
    expect(signs).toEqual([]);
  });

  test.each<[string, (row: Row) => Row, number, [string, string][]]>([
    ['missing values', (row) => ({ ...row, distance: null }), 0.7, [['burst-of-nulls', 'distance']]],
    ['infinite values', (row) => ({ ...row, distance: Infinity }), 0.7, [['burst-of-nulls', 'distance']]],
    ['new categories', (row) => ({ ...row, origin: 'XXX' }), 0.8, [['burst-of-new-categories', 'origin']]],
    ['a constant from noon on', (row) => ({ ...row, origin: 'ATL' }), 0.5, [['constant-column', 'origin']]],
    ['a constant all day', (row) => ({ ...row, delay: 7 }), 0, [['constant-column', 'delay']]],
    ['swapped numbers', (row) => ({ ...row, delay: row['distance'] ?? null, distance: row['delay'] ?? null }), 0, [['swapped-columns', 'distance'], ['swapped-columns', 'delay']]],
    ['swapped categories', (row) => ({ ...row, product: row['origin'] ?? null, origin: row['product'] ?? null }), 0, [['swapped-columns', 'origin'], ['swapped-columns', 'product']]],
  ])('show %s', (_, change, share, expected) => {
    expect(new WatchedColumns().plant(from(share, change)).signs).toEqual(expected);
  });

  test('show a partition that came twice, once it is known how many rows usually do', () => {
    const watched = new WatchedColumns();
    for (let i = 0; i < 3; i += 1) watched.judge();
    const rows = ordinaryDay(watched.random);
    expect(watched.judge([...rows, ...rows.slice(0, 100)], 100).next.signs).toMatchObject([{ sign: 'repeated-rows', column: null }]);
    expect(watched.judge().next.signs).toEqual([]);
  });

  test('show that the source stopped, also at noon, but not for stray predictions before it began', () => {
    expect(new WatchedColumns().judge(ordinaryDay(seededRandom(1), 2)).verdict).toBe('cannot-say');
    const watched = new WatchedColumns();
    watched.judge();
    expect(watched.judge(ordinaryDay(watched.random, 2))).toMatchObject({ verdict: 'drift', next: { signs: [{ sign: 'source-stopped', column: null }] } });
    const half = watched.profile(12, ordinaryDay(watched.random));
    half.parts.forEach((part, i) => (part.rows = i < 4 ? part.rows : 0));
    expect(watched.judgeProfile(half).next.signs[0]).toMatchObject({ sign: 'source-stopped', began: dateOf(12).replace('T00', 'T09') });
  });

  test('do not show when a real world moves: other airports, longer delays, more of one product', () => {
    const worlds: ((row: Row, random: () => number) => Row)[] = [
      (row, random) => ({ ...row, origin: random() < 0.9 ? 'ATL' : 'ORD' }),
      (row) => ({ ...row, delay: 1.3 * Number(row['delay']) + 6 }),
      (row, random) => ({ ...row, product: random() < 0.7 ? 'freight' : 'mail', duration: 20 + 100 * random() }),
    ];
    for (const world of worlds) {
      const watched = new WatchedColumns();
      const decisions = [1, 2, 3].map(() => watched.judge(ordinaryDay(watched.random).map((row) => world(row, watched.random))));
      expect(decisions.flatMap(({ next }) => next.signs.map(({ sign }) => sign))).toEqual([]);
      expect(decisions.at(-1)?.verdict).toBe('drift');
    }
  });
});
