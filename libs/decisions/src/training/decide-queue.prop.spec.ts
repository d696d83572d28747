import fc from 'fast-check';
import { decideQueue } from './decide-queue.js';
import type { QueueSituation, WantedRun } from './decide-queue.js';

const hourMs = 3_600_000;
const wanted = (run: string, more: Partial<WantedRun> = {}): WantedRun => ({ run, project: 'default', cause: 'drift', urgent: false, estimatedLossPerDay: 0, wantedAtMs: 0, eventTimeMs: 0, ...more });
const free: QueueSituation = { wanted: [], begun: [], budgets: {}, underWay: 0, mostUnderWay: 1, nowMs: hourMs, longestQueueMs: 24 * hourMs };

const runs = fc.uniqueArray(
  fc.record({
    run: fc.stringMatching(/^run-[a-z0-9]{1,4}$/),
    project: fc.constantFrom('a', 'b'),
    cause: fc.constantFrom('drift' as const, 'performance' as const, 'person' as const, 'first-version' as const),
    urgent: fc.boolean(),
    estimatedLossPerDay: fc.nat(1000),
    wantedAtMs: fc.nat(hourMs),
    eventTimeMs: fc.constant(0),
  }),
  { selector: ({ run }) => run, maxLength: 40 },
);

describe('the queue of runs', () => {
  it('gives the place to the largest estimated loss, of equal ones to the older, and to a person before all of them', () => {
    const rows = [wanted('small', { estimatedLossPerDay: 5 }), wanted('large-late', { estimatedLossPerDay: 50, wantedAtMs: 2 }), wanted('large', { estimatedLossPerDay: 50, wantedAtMs: 1 })];
    const decided = decideQueue({ ...free, wanted: rows });
    expect(decided.next).toBe('large');
    expect(decided.waiting.map(({ run, position }) => [run, position])).toEqual([['large-late', 1], ['small', 2]]);
    expect(decideQueue({ ...free, wanted: [...rows, wanted('asked', { cause: 'person', urgent: true })] }).next).toBe('asked');
  });

  it('gives no place that is not there, and says so', () => {
    const decided = decideQueue({ ...free, underWay: 1, wanted: [wanted('one')] });
    expect(decided).toMatchObject({ next: null, waiting: [{ run: 'one', position: 1, because: [{ check: 'runs-under-way', measured: 1, bound: 1 }] }] });
  });

  it('lets nothing starve: what waited longest enough goes before larger losses', () => {
    const old = wanted('old', { wantedAtMs: 0 });
    const large = wanted('large', { estimatedLossPerDay: 1e9, wantedAtMs: 23 * hourMs });
    expect(decideQueue({ ...free, wanted: [old, large], nowMs: 23.5 * hourMs }).next).toBe('large');
    expect(decideQueue({ ...free, wanted: [old, large], nowMs: 24 * hourMs }).next).toBe('old');
  });

  it('passes over a project whose runs or whose time is spent, until older runs leave the period', () => {
    const budgets = { default: { runs: { count: 1, perMs: 10 * hourMs }, runTime: null } };
    const begun = [{ project: 'default', cause: 'first-version' as const, asOfMs: 0, commandMs: hourMs }];
    const two = [wanted('spent', { estimatedLossPerDay: 9, eventTimeMs: hourMs }), wanted('other', { project: 'other', eventTimeMs: hourMs })];
    const decided = decideQueue({ ...free, wanted: two, budgets, begun });
    expect(decided).toMatchObject({ next: 'other', waiting: [{ run: 'spent', because: [{ check: 'runs-of-project', measured: 1, bound: 1 }] }] });
    expect(decideQueue({ ...free, wanted: [wanted('spent', { eventTimeMs: 10 * hourMs })], budgets, begun }).next).toBe('spent');
    expect(decideQueue({ ...free, wanted: [wanted('first', { cause: 'first-version', eventTimeMs: hourMs })], budgets, begun }).next).toBe('first');
    const time = { default: { runs: null, runTime: { timeMs: hourMs, perMs: 10 * hourMs } } };
    expect(decideQueue({ ...free, wanted: two, budgets: time, begun }).waiting).toMatchObject([{ run: 'spent', because: [{ check: 'run-time-of-project-ms' }] }]);
  });

  it('loses nothing: every run is next or waits for a reason, whatever order it is handed in', () => {
    fc.assert(
      fc.property(runs, fc.nat(5), fc.nat(5), fc.nat(30 * hourMs), (rows, underWay, mostUnderWay, nowMs) => {
        const situation = { ...free, wanted: rows, underWay, mostUnderWay, nowMs, budgets: { a: { runs: { count: 1, perMs: 1 }, runTime: null } }, begun: [{ project: 'a', cause: 'drift' as const, asOfMs: 0, commandMs: 0 }] };
        const { next, waiting } = decideQueue(situation);
        expect([...(next === null ? [] : [next]), ...waiting.map(({ run }) => run)].sort()).toEqual(rows.map(({ run }) => run).sort());
        expect(waiting.every(({ because }, index) => because.length > 0 && waiting[index]?.position === index + 1)).toBe(true);
        if (underWay >= mostUnderWay) expect(next).toBeNull();
        expect(decideQueue({ ...situation, wanted: rows.toReversed() })).toEqual({ next, waiting });
      }),
    );
  });
});
