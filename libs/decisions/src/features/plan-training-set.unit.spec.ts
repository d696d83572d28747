import { SMALLEST_FILE, pipelineOf } from '../pipeline/flights.fixture.js';
import { judgeTrainingSet, planTrainingSet, trainingLagMsOf } from './plan-training-set.js';

const DAY_MS = 86_400_000;
const pipeline = pipelineOf(`${SMALLEST_FILE}evaluation: { holdOut: 4d }\n`);
const asOfMs = 100 * DAY_MS;

describe('the plan of a training set', () => {
  it('seals the last matured days and leaves the time of maturity between them and training', () => {
    const plan = planTrainingSet(pipeline, asOfMs, [], null);
    expect(plan.recent).toEqual({ fromMs: 95 * DAY_MS, toMs: 99 * DAY_MS });
    expect(plan.training).toEqual({ fromMs: 34 * DAY_MS, toMs: 94 * DAY_MS });
    expect(plan.embargoMs).toBe(DAY_MS);
    expect(trainingLagMsOf(pipeline)).toBe(6 * DAY_MS);
  });

  it('trains up to the hold-out where the gain is shown in shadow', () => {
    const inShadow = pipelineOf(`${SMALLEST_FILE}evaluation: { holdOut: 6h, gates: { gain: { shownIn: shadow } } }\n`);
    const plan = planTrainingSet(inShadow, asOfMs, [], null);
    expect(plan).toMatchObject({ embargoMs: 0, recent: { toMs: 99 * DAY_MS }, training: { toMs: 98.75 * DAY_MS } });
    expect(trainingLagMsOf(inShadow)).toBe(1.25 * DAY_MS);
  });

  it('never trains on the pinned hold-out or on an incident', () => {
    const incident = { fromMs: 50 * DAY_MS, toMs: 51 * DAY_MS };
    const reference = { fromMs: 60 * DAY_MS, toMs: 64 * DAY_MS };
    expect(planTrainingSet(pipeline, asOfMs, [incident], reference).excluded).toEqual([incident, reference]);
  });
});

describe('a training set', () => {
  it('is refused with the numbers when rows, hold-out or one class are too few', () => {
    const failed = judgeTrainingSet(pipeline, { rows: 90, positives: 1, holdOutRows: 3 }).filter((finding) => !finding.passed);
    expect(failed).toMatchObject([
      { check: 'training-rows', measured: 90, bound: 100 },
      { check: 'hold-out-rows', measured: 3 },
      { check: 'rows-of-the-rarer-class', measured: 1 },
    ]);
  });

  it('of a regression needs no classes', () => {
    expect(judgeTrainingSet(pipeline, { rows: 100, positives: null, holdOutRows: 20 }).every((finding) => finding.passed)).toBe(true);
  });
});
