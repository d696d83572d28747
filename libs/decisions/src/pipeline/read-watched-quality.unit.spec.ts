import { SMALLEST_FILE } from './flights.fixture.js';
import { parsePipeline } from './parse-pipeline.js';

const withMonitoring = (monitoring: string): string => `${SMALLEST_FILE}monitoring: ${monitoring}\n`;

describe('what is watched besides drift and losses', () => {
  test('is read with its defaults, and absent where the file says nothing', () => {
    const { pipeline } = parsePipeline(withMonitoring('{ slices: [origin], fairness: { by: [origin], largestGaps: { recall: 0.1 } }, business: { delays: { sum: delay_minutes, from: flight-outcomes }, outcomes: { count: records, from: flight-outcomes, bad: lower } }, limits: { latency-p99-ms: 50 } }'));
    expect(pipeline?.monitoring).toMatchObject({
      slices: ['origin'],
      fairness: { by: ['origin'], largestGaps: { recall: 0.1 } },
      business: [
        { name: 'delays', aggregate: 'sum', column: 'delay_minutes', dataSet: 'default/flight-outcomes', bad: 'both' },
        { name: 'outcomes', aggregate: 'count', column: null, dataSet: 'default/flight-outcomes', bad: 'lower' },
      ],
      limits: { 'latency-p99-ms': 50 },
    });
    expect(parsePipeline(withMonitoring('{}')).pipeline?.monitoring.slices).toBeUndefined();
  });

  test.each([
    ['a feature that is none', '{ slices: [orign] }', 'monitoring.slices[0]'],
    ['groups without a limit', '{ fairness: { by: [origin] } }', 'monitoring.fairness.largestGaps'],
    ['a business metric of an unknown data set', '{ business: { x: { sum: a, from: nowhere } } }', 'monitoring.business.x.from'],
    ['a business metric that says no aggregate', '{ business: { x: { from: flight-outcomes } } }', 'monitoring.business.x'],
    ['a limit that is no number', '{ limits: { error-share: much } }', 'monitoring.limits.error-share'],
  ])('refuses %s, with its place', (_, monitoring, path) => {
    expect(parsePipeline(withMonitoring(monitoring)).errors).toContainEqual(expect.objectContaining({ path }));
  });
});
