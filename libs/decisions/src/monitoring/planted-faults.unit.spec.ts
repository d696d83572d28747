import { decideTrigger } from '../training/decide-trigger.js';
import type { TriggerSituation } from '../training/decide-trigger.js';
import { dataAssessmentOf } from './assessment-of.js';
import { decideIncident } from './decide-incident.js';
import { diagnose } from './diagnose.js';
import type { DriftDecision } from './decide-drift.js';
import { POLICY, WatchedColumns, from, ordinaryDay } from './testing/watched-columns.js';
import type { Row } from './testing/watched-columns.js';

/** Everything speaks for a run but what monitoring says. */
const READY: TriggerSituation = {
  phase: 'none',
  champion: 1,
  openHolds: [],
  openRun: null,
  reaction: 'retrain',
  nowMs: 40 * 86_400_000,
  maturedRows: 100_000,
  neededRows: 1,
  trainable: { rows: 1, needed: 1 },
  waitingSinceMs: null,
  labelDeadlineMs: 86_400_000,
  lastRunMs: null,
  coolDownMs: 0,
  signalRunsMs: [],
  runBudget: null,
  rowsToTryAgain: 1,
  lastRefusal: null,
  retried: false,
};

/** What training decides on the alarm of a day, which is the only way to a new version. */
function answerTo(decision: DriftDecision, before: DriftDecision[]): string {
  const life = decideIncident(null, dataAssessmentOf(decision, before.at(-1)?.next), { kind: 'data', newId: 'default/inc-1', policy: POLICY });
  if (life.action !== 'raise') return 'no incident';
  const changePointMs = Date.parse(life.next?.changePoint ?? '');
  return decideTrigger({ cause: 'drift', diagnosis: life.next?.diagnosis ?? null, changePointMs, modelVersion: 1 }, READY).decision;
}

function watched(): { columns: WatchedColumns; before: DriftDecision[] } {
  const columns = new WatchedColumns();
  return { columns, before: [1, 2, 3].map(() => columns.judge()) };
}

describe('a planted fault is held at its first day and never trained on', () => {
  const faults: [string, (rows: Row[]) => Row[]][] = [
    ['kilometres for miles', from(0, (row) => ({ ...row, distance: 1.609344 * Number(row['distance']) }))],
    ['kilometres for miles from noon on', from(0.5, (row) => ({ ...row, distance: 1.609344 * Number(row['distance']) }))],
    ['a constant column', from(0, (row) => ({ ...row, delay: 3 }))],
    ['swapped columns', from(0, (row) => ({ ...row, distance: row['delay'] ?? null, delay: row['distance'] ?? null }))],
    ['a burst of nulls', from(0.5, (row) => ({ ...row, duration: null }))],
    ['a category that nobody knows', from(0.6, (row) => ({ ...row, origin: 'ZZZ' }))],
  ];

  test.each(faults)('%s', (_, fault) => {
    const { columns, before } = watched();
    expect(answerTo(columns.judge(fault(ordinaryDay(columns.random))), before)).toBe('hold');
  });

  test('a partition that came twice', () => {
    const { columns, before } = watched();
    const rows = ordinaryDay(columns.random);
    expect(answerTo(columns.judge([...rows, ...rows.slice(0, 200)], 200), before)).toBe('hold');
  });

  test('a producer whose records no longer have the declared shape', () => {
    const { columns, before } = watched();
    const changed = { ...columns.profile(13, ordinaryDay(columns.random)), refused: { records: 300, example: 'There is no column colour' } };
    expect(answerTo(columns.judgeProfile(changed), before)).toBe('hold');
    const few = { ...columns.profile(14, ordinaryDay(columns.random)), refused: { records: 3, example: 'There is no column colour' } };
    expect(columns.judgeProfile(few).next.signs).toEqual([]);
  });

  test('a source that stopped, and its rows that came late', () => {
    const { columns, before } = watched();
    expect(answerTo(columns.judge(ordinaryDay(columns.random, 3)), before)).toBe('hold');
    const late = { ...columns.profile(14, ordinaryDay(columns.random)), late: { rows: 397, of: '2001-01-14' } };
    expect(columns.judgeProfile(late).next.signs).toMatchObject([{ sign: 'source-late' }]);
  });
});

test('real changes of the inputs are not held, and are covariate while no label has matured', () => {
  const { columns, before } = watched();
  const moved = (): Row[] => ordinaryDay(columns.random).map((row) => ({ ...row, origin: columns.random() < 0.85 ? 'ATL' : 'ORD', delay: 1.2 * Number(row['delay']) + 8 }));
  const decisions = [columns.judge(moved()), columns.judge(moved())];
  expect(decisions.map((decision) => answerTo(decision, before))).toEqual(['no incident', 'no incident']);
  const { diagnosis } = diagnose({ signs: [], inputsDrifted: decisions[1]?.verdict === 'drift', degraded: null, matured: [], reference: [] }, POLICY);
  expect(diagnosis).toBe('covariate');
  expect(decideTrigger({ cause: 'drift', diagnosis, changePointMs: 0, modelVersion: 1 }, READY).decision).toBe('train');
});
