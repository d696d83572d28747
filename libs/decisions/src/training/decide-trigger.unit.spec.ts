import type { TriggerSignal, TriggerSituation } from './decide-trigger.js';
import { decideTrigger } from './decide-trigger.js';

const day = 86_400_000;
const concept: TriggerSignal = { cause: 'drift', diagnosis: 'concept', changePointMs: 20 * day, modelVersion: 3 };
const calm: TriggerSituation = {
  phase: 'none',
  champion: 3,
  openHolds: [],
  openRun: null,
  reaction: 'retrain',
  nowMs: 24 * day,
  maturedRows: 900,
  neededRows: 700,
  trainable: { rows: 500, needed: 70 },
  waitingSinceMs: null,
  labelDeadlineMs: 10 * day,
  lastRunMs: 9 * day,
  coolDownMs: 2 * day,
  signalRunsMs: [9 * day],
  runBudget: null,
  rowsToTryAgain: 700,
  lastRefusal: null,
  retried: false,
};
const decide = (signal: Partial<TriggerSignal>, situation: Partial<TriggerSituation> = {}) =>
  decideTrigger({ ...concept, ...signal }, { ...calm, ...situation });

describe('a signal', () => {
  it('trains when enough outcomes behind the change point are final', () => {
    expect(decide({})).toEqual({ decision: 'train', because: [{ check: 'matured-rows', passed: true, measured: 900, bound: 700 }] });
  });

  it('is left to deployment while a rollout or its bake time is open', () => {
    expect(decide({ modelVersion: 4 }, { phase: 'open' }).decision).toBe('ignore');
    expect(decide({ cause: 'person', modelVersion: null }, { phase: 'open' }).decision).toBe('ignore');
  });

  it('about the version before waits for the end of the rollout that may answer it', () => {
    const answered = { decision: 'wait-for-labels', because: [expect.objectContaining({ check: 'no-rollout-open' })] };
    expect(decide({}, { phase: 'open' })).toEqual(answered);
    expect(decide({ cause: 'performance', diagnosis: null }, { phase: 'open', maturedRows: 0 })).toEqual(answered);
  });

  it('holds and never trains when it is diagnosed as a data incident', () => {
    expect(decide({ diagnosis: 'data-incident' }).decision).toBe('hold');
    expect(decide({ diagnosis: 'data-incident', modelVersion: 4 }, { phase: 'open', reaction: 'hold' }).decision).toBe('hold');
  });

  it('is held while another incident holds the pipeline, also when a person asks', () => {
    expect(decide({}, { openHolds: ['default/inc-1'] }).decision).toBe('hold');
    expect(decide({ cause: 'person', diagnosis: null }, { openHolds: ['default/inc-1'] }).decision).toBe('hold');
  });

  it('waits for labels and, past the deadline, asks a person', () => {
    expect(decide({}, { maturedRows: 100, waitingSinceMs: 20 * day }).decision).toBe('wait-for-labels');
    expect(decide({}, { maturedRows: 100, waitingSinceMs: 14 * day }).decision).toBe('ask-a-person');
  });

  it('waits while what is known is hold-out alone, unless a person asks', () => {
    const trainable = { rows: 69, needed: 70 };
    expect(decide({ cause: 'first-version', diagnosis: null, changePointMs: null }, { trainable })).toMatchObject({ decision: 'wait-for-labels', because: [{ passed: true }, { check: 'training-rows', passed: false, measured: 69, bound: 70 }, {}] });
    expect(decide({ cause: 'person', diagnosis: null }, { trainable }).decision).toBe('train');
  });

  it('waits for the first version without a deadline', () => {
    expect(decide({ cause: 'first-version', diagnosis: null, changePointMs: null }, { maturedRows: 1, waitingSinceMs: 0 }).decision).toBe('wait-for-labels');
  });

  it('does not wait for labels when a person asks', () => {
    expect(decide({ cause: 'person', diagnosis: null, changePointMs: null }, { maturedRows: 1 }).decision).toBe('train');
  });

  it('is ignored while a run is under way', () => {
    expect(decide({}, { openRun: 'default/run-1' }).decision).toBe('ignore');
  });

  it('waits for the end of the cool-down unless a person asks', () => {
    expect(decide({}, { lastRunMs: 23 * day }).decision).toBe('wait-for-labels');
    expect(decide({ cause: 'person' }, { lastRunMs: 23 * day }).decision).toBe('train');
  });

  it('waits while the budget of runs is spent, unless a person asks', () => {
    const runBudget = { count: 1, perMs: 30 * day };
    expect(decide({}, { runBudget })).toMatchObject({ decision: 'wait-for-labels', because: [{ check: 'runs-in-budget', measured: 1, bound: 1 }] });
    expect(decide({ cause: 'person' }, { runBudget }).decision).toBe('train');
    expect(decide({}, { runBudget, nowMs: 39 * day }).decision).toBe('train');
  });

  it('is held, or left to deployment, where the pipeline asks for that', () => {
    expect(decide({}, { reaction: 'hold' }).decision).toBe('hold');
    expect(decide({}, { reaction: 'roll-back' }).decision).toBe('ignore');
    expect(decide({}, { reaction: 'shadow' }).decision).toBe('train');
  });

  it('asks a person when the pipeline wants an alert only', () => {
    expect(decide({}, { reaction: 'alert' }).decision).toBe('ask-a-person');
  });
});

describe('a refusal as not better', () => {
  const lastRefusal = { changePointMs: 20 * day, maturedRows: 700 };

  it('is remembered for the same change while little is new', () => {
    expect(decide({}, { lastRefusal }).decision).toBe('wait-for-labels');
    expect(decide({ cause: 'performance' }, { lastRefusal, retried: true }).decision).toBe('wait-for-labels');
  });

  it('is forgotten when matured rows grew, the change point moved or performance fell', () => {
    expect(decide({}, { lastRefusal, maturedRows: 1400 }).decision).toBe('train');
    expect(decide({ changePointMs: 21 * day }, { lastRefusal }).decision).toBe('train');
    expect(decide({ cause: 'performance', diagnosis: null }, { lastRefusal }).decision).toBe('train');
  });
});
