import type { Pipeline } from '@millrace/contracts';
import { dataSetOf, parsePipeline, predictionDataSet } from '@millrace/decisions';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { MonitoringModule } from './index.js';
import { announceVersion } from './testing/announce-version.js';
import { PublishedDays } from './testing/published-days.js';
import { DAY_MS, FILE, START_MS, flightsOf, outcomesOf, predictionsOf } from './testing/watched-flights.js';

type Logged = ReturnType<typeof predictionsOf>[number];

const timeOf = (day: number): string => new Date(START_MS + day * DAY_MS).toISOString();
const flights = pipelineNamed('flights');
const orphans = pipelineNamed('orphans');
const broken = pipelineNamed('broken');

/** The same use case under another name, with data sets of its own. */
function pipelineNamed(name: string): { definition: Pipeline; source: string } {
  const source = name === 'flights' ? FILE : FILE.replace('pipeline: flights', `pipeline: ${name}`).replace('  flights:\n', `  ${name}-asked:\n`).replace('  outcomes:\n', `  ${name}-told:\n`).replace('dataSet: flights', `dataSet: ${name}-asked`).replace('dataSet: outcomes', `dataSet: ${name}-told`);
  const { pipeline, errors } = parsePipeline(source);
  if (!pipeline) throw new TypeError(JSON.stringify(errors));
  return { definition: pipeline, source };
}

/** Whatever comes in, a window has a verdict with its reason: nothing stops, and nothing passes in silence. */
describe('bad input', () => {
  let service: TestService;
  let kafka: TestKafka;
  let days: PublishedDays;

  beforeAll(async () => {
    service = await testService(MonitoringModule, { name: 'monitoring' });
    kafka = new TestKafka(service.environment);
    days = await PublishedDays.open(service.environment);
    // By name it is watched before the others.
    await announceVersion(kafka, days, broken.definition, broken.source);
    await announceVersion(kafka, days, flights.definition, flights.source);
    await announceVersion(kafka, days, orphans.definition, orphans.source, { url: `${service.environment.objectStoreUrl}/training-sets/gone.parquet`, sha256: '0'.repeat(64), sizeBytes: 1 });
  }, 120_000);
  afterAll(async () => {
    await kafka.stop();
    await days.close();
    await service.stop();
  });

  interface Changed {
    log?: (rows: Logged[]) => Record<string, unknown>[];
    told?: (rows: ReturnType<typeof outcomesOf>) => ReturnType<typeof outcomesOf>;
    /** Event time up to which the prediction log is said to be known. */
    clockMs?: number;
  }

  async function live({ definition }: { definition: Pipeline }, day: number, { log = (rows) => rows, told = (rows) => rows, clockMs = START_MS + (day + 1) * DAY_MS }: Changed = {}): Promise<void> {
    const lived = flightsOf(day);
    const end = START_MS + (day + 1) * DAY_MS;
    await kafka.sendEvents(
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(definition.id, predictionDataSet(definition), log(predictionsOf(lived, 1, 'champion')), clockMs) },
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(definition.id, dataSetOf(definition, definition.label.dataSet), told(outcomesOf(lived)), end) },
    );
  }

  async function judged(name: string, day: number) {
    return eventually(async () => {
      const { body } = await service.call('listWindows', { project: 'default', name, limit: 100 });
      const found = body.windows.find(({ window }) => window.from === timeOf(day));
      if (!found) throw new Error(`no window of day ${day} of ${name} yet`);
      return found;
    }, 60_000);
  }

  const faults: [string, string, (rows: Logged[]) => Record<string, unknown>[]][] = [
    ['a column without a value', 'burst-of-nulls', (rows) => rows.map((row) => ({ ...row, f_load: null }))],
    ['a column with one value', 'constant-column', (rows) => rows.map((row) => ({ ...row, f_miles: 605 }))],
    ['infinite values', 'burst-of-nulls', (rows) => rows.map((row, i) => ({ ...row, f_miles: i % 2 === 0 ? Infinity : -Infinity }))],
    ['a new category with every record', 'burst-of-new-categories', (rows) => rows.map((row, i) => ({ ...row, f_origin: `X${i}` }))],
    ['one row', 'source-stopped', (rows) => rows.slice(0, 1)],
    ['values that are no numbers', 'burst-of-nulls', (rows) => rows.map((row) => ({ ...row, f_load: NaN }))],
  ];

  test('a pipeline whose prediction log cannot be read does not stop the others, and its own windows wait', async () => {
    const { definition } = broken;
    const published = await days.publish(definition.id, predictionDataSet(definition), predictionsOf(flightsOf(0), 1, 'champion'), START_MS + DAY_MS);
    await kafka.sendEvents({ type: 'millrace.ingestion.data-set.version-published.v1', data: { ...published, tableUrl: `${service.environment.objectStoreUrl}/data-sets/nowhere` } });
    await live(flights, 0);
    expect(await judged('flights', 0)).toMatchObject({ inputs: 'in-bounds' });
    expect((await service.call('listWindows', { project: 'default', name: 'broken', limit: 10 })).body.windows).toEqual([]);
  }, 90_000);

  test('that breaks a column or its source is a data incident on its first day, with what broke', async () => {
    for (const [i, [, , log]] of faults.entries()) await live(flights, 1 + i, { log });
    for (const [i, [name, sign]] of faults.entries()) {
      const window = await judged('flights', 1 + i);
      expect({ name, because: window.because }).toEqual({ name, because: expect.arrayContaining([expect.objectContaining({ check: sign, passed: false })]) });
      expect(window.inputs).toBe('out-of-bounds');
    }
  }, 120_000);

  test('by a clock that jumped a month ahead closes no window, and the next day is judged as usual', async () => {
    const ahead = faults.length + 1;
    const clockMs = START_MS + (ahead + 30) * DAY_MS;
    await live(flights, ahead, { clockMs, log: (rows) => [...rows, { ...rows[0], prediction_id: 'p-ahead', key: 'ahead', event_time: clockMs }] });
    await live(flights, ahead + 1);
    expect((await judged('flights', ahead + 1)).inputs).toBe('in-bounds');
    const { body } = await service.call('listWindows', { project: 'default', name: 'flights', limit: 100 });
    expect(body.windows.filter(({ window }) => window.from > timeOf(ahead + 1))).toEqual([]);
  }, 90_000);

  test('of labels that were known before their predictions, and of labels that contradict, makes quality that cannot be told, with the reason', async () => {
    const day = faults.length + 3;
    await live(flights, day, { told: (rows) => rows.map((row) => ({ ...row, landed: row.departed - 3_600_000 })) });
    await live(flights, day + 1, { told: (rows) => rows.flatMap((row) => [row, { ...row, landed: row.landed + 1_000, delay: row.delay > 15 ? 0 : 40 }]) });
    await live(flights, day + 2);
    const reasonsOf = async (of: number) => {
      const { body } = await service.call('listPerformance', { project: 'default', name: 'flights', limit: 100 });
      const found = body.windows.find(({ window }) => window.from === timeOf(of));
      return { quality: found?.quality, failed: (found?.because ?? []).filter(({ passed }) => !passed).map(({ check }) => check) };
    };
    await eventually(async () => {
      expect(await reasonsOf(day)).toMatchObject({ quality: 'cannot-say', failed: expect.arrayContaining(['labels-known-before-their-prediction']) });
      expect(await reasonsOf(day + 1)).toMatchObject({ quality: 'cannot-say', failed: expect.arrayContaining(['contradicting-labels']) });
    }, 60_000);
  }, 120_000);

  test('by a reference whose objects are gone is judged by nothing: each window says so', async () => {
    await live(orphans, 0);
    const window = await judged('orphans', 0);
    expect(window.inputs).toBe('too-thin');
    expect(window.because).toContainEqual(expect.objectContaining({ check: 'windows-of-reference', passed: false, detail: expect.stringContaining('The reference is gone') }));
    expect((await service.call('listIncidents', { pipeline: orphans.definition.id, limit: 10 })).body.incidents).toEqual([]);
  }, 90_000);

  test('of labels by prediction id, and by key and time where a key is asked for again, still means the right prediction', async () => {
    const day = 1;
    // Every key of the day is asked for twice, hours apart; the first is told of by its id, the second by key and time; what names the key alone says nothing.
    const again = 12 * 3_600_000;
    await live(orphans, day, {
      log: (rows) => rows.slice(0, 100).flatMap((row) => [row, { ...row, prediction_id: `${row.prediction_id}-again`, request_id: `${row.request_id}-again`, event_time: row.event_time + again }]),
      told: (rows) => rows.slice(0, 100).flatMap((row) => [
        { ...row, flight: `p-${row.flight}`, delay: 0, departed: row.departed + 1 },
        { ...row, departed: row.departed + again, landed: row.landed + again, delay: 40 },
        { ...row, departed: row.departed + 2, landed: row.landed + again + 1, delay: 40 },
      ]),
    });
    await live(orphans, day + 1);
    await live(orphans, day + 2);
    await eventually(async () => {
      const { body } = await service.call('listPerformance', { project: 'default', name: 'orphans', limit: 100 });
      const found = body.windows.find(({ window }) => window.from === timeOf(day));
      expect(found).toMatchObject({ quality: 'measured', labels: { predictions: 200, labelled: 200 } });
      expect(found?.metrics.find(({ metric }) => metric === 'label-mean')?.value).toBeCloseTo(0.5, 12);
    }, 60_000);
    const { outcome } = await eventually(async () => {
      const window = await judged('orphans', day);
      expect(window.outcome).not.toBeNull();
      return window;
    }, 60_000);
    expect(outcome?.rows).toBe(200);
  }, 120_000);

  test('of records that no longer have the declared shape is a data incident: their producer changed', async () => {
    const reasons = [{ code: 'unknown-field' as const, count: 200, example: 'There is no column colour' }];
    await kafka.sendEvents({ type: 'millrace.ingestion.record.quarantined.v1', data: { dataSet: 'default/flights', segment: 'default/seg-1', count: 200, reasons } });
    await kafka.caughtUp('millrace.monitoring', 'millrace.ingestion.record');
    await live(flights, faults.length + 6);
    expect((await judged('flights', faults.length + 6)).because).toContainEqual(expect.objectContaining({ check: 'producer-changed', passed: false }));
  }, 90_000);
});
