import { SMALLEST_FILE, pipelineOf } from './flights.fixture.js';
import { parsePipeline } from './parse-pipeline.js';

test('a pipeline declares its own budget of false alarms and, if it likes, its project\'s', () => {
  expect(pipelineOf(SMALLEST_FILE).monitoring).not.toHaveProperty('projectFalseAlarms');
  const both = pipelineOf(`${SMALLEST_FILE}monitoring: { falseAlarms: 1 per 30d, projectFalseAlarms: 3 per 4w }\n`).monitoring;
  expect(both).toMatchObject({ falseAlarms: { count: 1, perMs: 30 * 86_400_000 }, projectFalseAlarms: { count: 3, perMs: 28 * 86_400_000 } });
  expect(parsePipeline(`${SMALLEST_FILE}monitoring: { projectFalseAlarms: often }\n`).errors).toMatchObject([{ path: 'monitoring.projectFalseAlarms', code: 'invalid-value' }]);
});
