import { dataSetOf, parsePipeline, predictionDataSet } from '@millrace/decisions';
import type { Pipeline } from '@millrace/contracts';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { MonitoringModule } from './index.js';
import { announceVersion } from './testing/announce-version.js';
import { PublishedDays } from './testing/published-days.js';
import { DAY_MS, FILE, START_MS, flightsOf, outcomesOf, predictionsOf } from './testing/watched-flights.js';
import type { Flight } from './testing/watched-flights.js';

const definition = watchedDefinition();
const pipeline = definition.id;
const timeOf = (day: number): string => new Date(START_MS + day * DAY_MS).toISOString();

function watchedDefinition(): Pipeline {
  const { pipeline: read, errors } = parsePipeline(
    FILE.replace(/monitoring:.*/, 'monitoring: { falseAlarms: 1 per 365d, slices: [load], fairness: { by: [origin], largestGaps: { recall: 0.9 } }, business: { late-share: { mean: delay, from: outcomes, bad: higher } }, limits: { latency-p99-ms: 50 } }'),
  );
  if (!read) throw new TypeError(JSON.stringify(errors));
  return read;
}

/** Labels, late ones, estimates, slices and what is watched besides, on real parts. */
describe('quality of predictions', () => {
  let service: TestService;
  let kafka: TestKafka;
  let days: PublishedDays;

  beforeAll(async () => {
    service = await testService(MonitoringModule, { name: 'monitoring' });
    kafka = new TestKafka(service.environment);
    days = await PublishedDays.open(service.environment);
    await announceVersion(kafka, days, definition, FILE);
  }, 90_000);
  afterAll(async () => {
    await kafka.stop();
    await days.close();
    await service.stop();
  });

  /** A day of predictions, what came of those that `told` keeps, and the records they were made from. */
  async function live(day: number, { told = () => true, skewed = false, more = [] }: { told?: (flight: Flight, i: number) => boolean; skewed?: boolean; more?: Record<string, unknown>[] } = {}): Promise<Flight[]> {
    const flights = flightsOf(day);
    const end = START_MS + (day + 1) * DAY_MS;
    const predictions = predictionsOf(flights, 1, 'champion').map((row) => (skewed ? { ...row, f_miles: row.f_miles + 1 } : row));
    const records = flights.map(({ flight, departed, origin, miles, load }) => ({ flight, departed, origin, miles, load }));
    await kafka.sendEvents(
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(pipeline, dataSetOf(definition, 'default/flights'), records, end) },
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(pipeline, predictionDataSet(definition), predictions, end) },
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(pipeline, dataSetOf(definition, 'default/outcomes'), [...outcomesOf(flights.filter(told)), ...more], end) },
    );
    return flights;
  }

  async function windowOf(day: number) {
    const { body } = await service.call('listPerformance', { project: 'default', name: 'flights', limit: 100 });
    return body.windows.find(({ window: { from } }) => from === timeOf(day));
  }

  // Outcomes are known an hour after departure: those of the last hour are not known yet when the day closes.
  test('is provisional while outcomes wait, and measured once they are due, with intervals over blocks', async () => {
    const flights = await live(0, { told: (_, i) => i % 2 === 0 });
    await eventually(async () => expect(await windowOf(0)).toMatchObject({ quality: 'provisional', labels: { predictions: 240, labelled: 116, waiting: 124, waitingShare: 124 / 240, missing: 0 } }), 30_000);
    // What is told late for the first day comes with the second: another outcome for one flight, the same again for another.
    const [first, second] = [flights[0], flights[2]];
    const odd = [{ ...outcomesOf([first as Flight])[0], delay: first?.delay ? 0 : 40, landed: START_MS + DAY_MS + 1 }, ...outcomesOf([second as Flight])];
    await live(1, { more: [...outcomesOf(flights.filter((_, i) => i % 2 === 1 && i < 200)), ...odd] });
    await eventually(async () => expect(await windowOf(0)).toMatchObject({ quality: 'measured', labels: { labelled: 220, waiting: 0, missing: 20, contradicting: 1, duplicate: 1 } }), 30_000);
    const measured = await windowOf(0);
    const loss = measured?.metrics.find(({ metric }) => metric === 'log-loss');
    expect(loss).toMatchObject({ blocks: 24, rows: 220, because: null });
    expect(loss?.lower).toBeLessThan(loss?.value ?? NaN);
    expect(measured?.metrics.find(({ metric }) => metric === 'roc-auc')?.value).toBeGreaterThan(0.7);
    expect(measured?.slices.map(({ column }) => column)).toEqual(expect.arrayContaining(['load', 'origin']));
    for (const { metrics, labelled } of measured?.slices ?? []) {
      const ofSlice = metrics.find(({ metric }) => metric === 'log-loss');
      expect(ofSlice).toMatchObject({ rows: labelled, because: null });
      expect([ofSlice?.lower, ofSlice?.value, ofSlice?.upper]).toEqual([ofSlice?.lower, ofSlice?.value, ofSlice?.upper].toSorted((a, b) => Number(a) - Number(b)));
      expect(ofSlice?.blocks).toBeGreaterThan(1);
    }
    expect(measured?.fairness).toMatchObject([{ column: 'origin', metric: 'recall', verdict: 'in-bounds' }]);
  }, 90_000);

  test('comes with what is watched besides: latency, errors, business, and the share of served values that the offline join reproduces', async () => {
    await live(2);
    const named = async (day: number, name: string) => (await windowOf(day))?.measures.find((measure) => measure.name === name);
    await eventually(async () => expect(await named(2, 'latency-p99-ms')).toMatchObject({ kind: 'serving', value: 2, verdict: 'in-bounds' }), 30_000);
    expect(await named(2, 'error-share')).toMatchObject({ value: 0 });
    expect(await named(2, 'reproduced-share')).toMatchObject({ kind: 'data-quality', value: 1 });
    expect((await named(2, 'late-share'))?.value).toBeGreaterThan(0);
    await live(3, { skewed: true });
    await eventually(async () => expect(await named(3, 'reproduced-share')).toMatchObject({ value: expect.closeTo(2 / 3, 9) }), 30_000);
    expect(await named(3, 'reproduced-share-of-miles')).toMatchObject({ value: 0 });
  }, 90_000);

  test('is expected without labels once enough outcomes made a reference, and is never called good by that', async () => {
    for (let day = 4; day < 9; day += 1) await live(day);
    await live(9, { told: (_, i) => i === 0 });
    await eventually(async () => expect((await windowOf(9))?.estimate).toMatchObject({ method: 'cbpe', rows: 240 }), 60_000);
    expect(await windowOf(9)).toMatchObject({ quality: 'cannot-say', labels: { labelled: 1, waitingShare: 239 / 240 } });
    expect(['wait-for-labels', 'cannot-say']).toContain((await windowOf(9))?.estimate?.action);
  }, 120_000);

  test('can be replayed under another policy: in words, and on the recorded windows', async () => {
    const { status, body } = await service.call('replayPolicy', { project: 'default', name: 'flights' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ pipeline, windows: 10, from: timeOf(0), to: timeOf(10) });
    expect(body.policy).toContain('Grown losses: the policy asks for a retraining.');
    const shifted = body.steps.map(({ what, kind, at }) => `${what} ${kind} ${at}`);
    const { body: incidents } = await service.call('listIncidents', { pipeline, limit: 100 });
    expect(shifted.filter((step) => step.startsWith('raised'))).toHaveLength(incidents.incidents.filter(({ kind }) => kind === 'data' || kind === 'drift' || kind === 'performance').length);
    expect((await service.call('replayPolicy', { project: 'default', name: 'flights', source: FILE.replace('pipeline: flights', 'pipeline: others') })).body).toMatchObject({ code: 'invalid-pipeline' });
    const tried = await service.call('replayPolicy', { project: 'default', name: 'flights', source: `${FILE}reactions: { performance: alert }\n` });
    expect(tried.body.policy).toContain('Grown losses: the policy only tells a person.');
  }, 60_000);

  test('is told to Prometheus, and the loop says what it was worth', async () => {
    const { body } = await service.request('GET', '/metrics');
    expect(String(body)).toMatch(/millrace_monitoring_quality\{pipeline="default\/flights",version="1",metric="log-loss"\} 0\.\d+/);
    const { body: kpis } = await service.call('getLoopKpis', { project: 'default', name: 'flights' });
    expect(kpis).toMatchObject({ pipeline, retraining: { runs: 1, byCause: { 'first-version': 1 }, promoted: 1, yield: 1 }, deployment: { count: 1 }, gates: [] });
  }, 30_000);
});
