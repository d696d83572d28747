import { SMALLEST_FILE, pipelineOf } from './flights.fixture.js';
import { parsePipeline } from './parse-pipeline.js';

test('a pipeline declares its own budget of false alarms and, if it likes, its project\'s', () => {
  expect(pipelineOf(SMALLEST_FILE).monitoring).not.toHaveProperty('projectFalseAlarms');
  const both = pipelineOf(`${SMALLEST_FILE}monitoring: { falseAlarms: 1 per 30d, projectFalseAlarms: 3 per 4w }\n`).monitoring;
  expect(both).toMatchObject({ falseAlarms: { count: 1, perMs: 30 * 86_400_000 }, projectFalseAlarms: { count: 3, perMs: 28 * 86_400_000 } });
  expect(parsePipeline(`${SMALLEST_FILE}monitoring: { projectFalseAlarms: often }\n`).errors).toMatchObject([{ path: 'monitoring.projectFalseAlarms', code: 'invalid-value' }]);
});

test('a pipeline says what follows from what monitoring finds, by phase, and within which budgets', () => {
  const usual = { drift: 'alert', performance: 'roll-back', data: 'pause' };
  expect(pipelineOf(SMALLEST_FILE).reactions).toMatchObject({ drift: 'retrain', performance: 'retrain', during: { shadow: usual, canary: usual, bake: usual } });
  const chosen = pipelineOf(`${SMALLEST_FILE}reactions: { drift: shadow, performance: roll-back, during: { canary: { drift: shadow } }, tryAgainAfter: 500, runs: 4 per 30d, projectRuns: 40 per 1d, projectRunTime: 6h per 1d, weight: 2.5 }\n`).reactions;
  expect(chosen).toMatchObject({ drift: 'shadow', during: { canary: { ...usual, drift: 'shadow' }, bake: usual }, tryAgainAfterRows: 500, weight: 2.5 });
  expect(chosen).toMatchObject({ runs: { count: 4, perMs: 30 * 86_400_000 }, projectRuns: { count: 40, perMs: 86_400_000 }, projectRunTime: { timeMs: 6 * 3_600_000, perMs: 86_400_000 } });
  expect(parsePipeline(`${SMALLEST_FILE}reactions: { drift: pause, during: { shadow: { data: shadow } }, runs: many, projectRunTime: 6 per 1d }\n`).errors?.map(({ path }) => path).sort()).toEqual([
    'reactions.drift', 'reactions.during.shadow.data', 'reactions.projectRunTime', 'reactions.runs',
  ]);
});
