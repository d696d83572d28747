import type { Event, EventData, EventType } from '@millrace/contracts';
import { dataSetOf, predictionDataSet } from '@millrace/decisions';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { MonitoringModule } from './index.js';
import { PublishedDays } from './testing/published-days.js';
import { DAY_MS, FILE, START_MS, flightsDefinition, flightsOf, outcomesOf, predictionsOf, rowLossColumns, rowLosses } from './testing/watched-flights.js';
import type { Flight, World } from './testing/watched-flights.js';

const definition = flightsDefinition();
const pipeline = definition.id;
const predictionLog = predictionDataSet(definition);
const outcomeSet = dataSetOf(definition, 'default/outcomes');
const sha256 = '0'.repeat(64);
const artifact = { url: 'file:///nowhere', sha256, sizeBytes: 1 };
const timeOf = (day: number): string => new Date(START_MS + day * DAY_MS).toISOString();
const window = { from: timeOf(-30), to: timeOf(-9) };

describe('monitoring', () => {
  let service: TestService;
  let kafka: TestKafka;
  let days: PublishedDays;
  let emitted: Awaited<ReturnType<TestKafka['collectEvents']>>;

  beforeAll(async () => {
    service = await testService(MonitoringModule, { name: 'monitoring' });
    kafka = new TestKafka(service.environment);
    days = await PublishedDays.open(service.environment);
    emitted = await kafka.collectEvents(
      'millrace.monitoring.pipeline-part.ready.v1',
      'millrace.monitoring.drift.detected.v1',
      'millrace.monitoring.performance.degraded.v1',
      'millrace.monitoring.analysis.completed.v1',
      'millrace.monitoring.alert.raised.v1',
      'millrace.monitoring.alert.resolved.v1',
      'millrace.monitoring.alert.acknowledged.v1',
      'millrace.monitoring.alert.snoozed.v1',
    );
  }, 90_000);
  afterAll(async () => {
    await kafka.stop();
    await days.close();
    await service.stop();
  });

  function of<T extends EventType>(type: T): EventData[T][] {
    return emitted().flatMap((event) => (event.type === type ? [(event as unknown as Event<T>).data] : []));
  }

  /** A day of flights that the champion answered, and what came of them; further versions answer in shadow. */
  async function live(day: number, world: World = {}, shadows: { modelVersion: number; scoreOf: (flight: Flight) => number }[] = [], champion = 1): Promise<void> {
    const flights = flightsOf(day, world);
    const shadowed = shadows.flatMap(({ modelVersion, scoreOf }) => predictionsOf(flights, modelVersion, 'shadow', scoreOf));
    const end = START_MS + (day + 1) * DAY_MS;
    await kafka.sendEvents(
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(pipeline, predictionLog, [...predictionsOf(flights, champion, 'champion'), ...shadowed], end) },
      { type: 'millrace.ingestion.data-set.version-published.v1', data: await days.publish(pipeline, outcomeSet, outcomesOf(flights), end) },
    );
  }

  async function windows() {
    const { body } = await service.call('listWindows', { project: 'default', name: 'flights', limit: 100 });
    return body.windows;
  }

  async function judged(count: number): Promise<void> {
    await eventually(async () => expect((await windows()).length).toBeGreaterThanOrEqual(count), 20_000);
  }

  test('accepts its part of a pipeline, does not lose what was published before it knew it, and begins to watch the version that answers', async () => {
    await live(0);
    await kafka.sendEvents(
      { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline, version: 1, definition, source: FILE, sha256, changes: [], previousVersion: null } },
      { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline, version: 1, definition } },
    );
    await trained(1);
    await eventually(() => expect(of('millrace.monitoring.pipeline-part.ready.v1')).toHaveLength(1));
    await answeredBy(1, 1);
  }, 30_000);

  /** The training set of a version's run and its evaluation on sealed rows, both of the world given. */
  async function trained(modelVersion: number, world: World = {}): Promise<void> {
    const columns = [
      { name: '_key', type: 'string' },
      { name: '_event_time', type: 'timestamp' },
      { name: 'miles', type: 'double' },
      { name: 'load', type: 'double' },
      { name: 'origin', type: 'string' },
    ] as const;
    const rows = Array.from({ length: 12 }, (_, i) => flightsOf(-21 + i, world)).flat();
    const file = await days.store(columns, rows.map(({ flight, departed, miles, load, origin }) => ({ _key: flight, _event_time: departed, miles, load, origin })));
    const inputs = [{ name: 'miles', type: 'double' as const }, { name: 'load', type: 'double' as const }, { name: 'origin', type: 'string' as const }];
    const signature = { task: 'binary-classification' as const, inputs, output: 'probability' as const };
    const featureView = { view: pipeline, version: 1 };
    const made = { pipeline, run: `default/run-${modelVersion}`, trainingSet: `default/ts-${modelVersion}`, signature, dataSetVersions: [], featureView, window };
    await kafka.sendEvents(
      { type: 'millrace.feature-store.training-set.created.v1', data: { ...made, file, rows: rows.length, holdOuts: [], asOf: timeOf(0), embargoMs: DAY_MS, excluded: [] } },
      {
        type: 'millrace.training.evaluation.completed.v1',
        data: {
          ...made,
          model: artifact,
          champion: null,
          holdOuts: [],
          parity: { rows: 10, largestDifference: 0, passed: true },
          rowLosses: await days.store(rowLossColumns, rowLosses()),
          trainingRows: rows.length,
          codeSha256: sha256,
          parameters: {},
          seed: 1,
          environmentSha256: sha256,
        },
      },
    );
  }

  async function answeredBy(modelVersion: number, revision: number): Promise<void> {
    const serving = { keyColumn: 'flight', eventTimeColumn: 'departed', columns: [], features: definition.features, signature: { task: 'binary-classification' as const, inputs: [], output: 'probability' as const }, featureView: { view: pipeline, version: 1 } };
    const target = { modelVersion, run: `default/run-${modelVersion}`, role: 'champion' as const, trafficRatio: 1, model: artifact, signed: { keyId: 'k', signature: 'c2ln' }, serving };
    await kafka.sendEvents({ type: 'millrace.deployment.route.changed.v1', data: { pipeline, revision, targets: [target] } });
    await kafka.caughtUp('millrace.monitoring', 'millrace.deployment.route');
  }

  test('says nothing of usual days', async () => {
    for (let day = 1; day < 4; day += 1) await live(day);
    await judged(4);
    await eventually(async () => expect((await windows()).filter(({ outcome }) => outcome?.verdict === 'normal')).toHaveLength(3));
    expect((await windows()).map(({ inputs }) => inputs)).toEqual(['in-bounds', 'in-bounds', 'in-bounds', 'in-bounds']);
    expect(of('millrace.monitoring.drift.detected.v1')).toEqual([]);
  }, 60_000);

  test("holds a feed that sends kilometres for miles as a data incident and tells the data's owner", async () => {
    await live(4, { unit: 1.609344 });
    const [drift] = await eventually(() => {
      expect(of('millrace.monitoring.drift.detected.v1')).toHaveLength(1);
      return of('millrace.monitoring.drift.detected.v1');
    });
    expect(drift).toMatchObject({ diagnosis: 'data-incident', changePoint: timeOf(4), modelVersion: 1, columns: [{ column: 'miles', factor: 1.609344 }] });
    const incident = (await service.call('listIncidents', { pipeline, limit: 1 })).body.incidents[0];
    expect(incident).toMatchObject({ kind: 'data', changeInterval: { from: timeOf(4) }, examples: [{ column: 'miles', predictionId: expect.stringMatching(/^p-f4-/) }], columns: [{ column: 'miles', predictionShare: expect.any(Number) }] });
    const alert = { kind: 'data-incident', severity: 'critical', recipient: 'feed-team', incident: drift?.incident };
    await eventually(() => expect(of('millrace.monitoring.alert.raised.v1')).toMatchObject([alert]));
  }, 60_000);

  test('resolves the incident when windows are normal again, and names the event time to leave out', async () => {
    await live(5, { unit: 1.609344 });
    await live(6);
    await live(7);
    await eventually(() => expect(of('millrace.monitoring.alert.resolved.v1')).toHaveLength(1));
    expect(of('millrace.monitoring.alert.resolved.v1')[0]).toMatchObject({ kind: 'data-incident', window: { from: timeOf(4), to: timeOf(6) }, resolvedAt: timeOf(6) });
    expect(of('millrace.monitoring.drift.detected.v1')).toHaveLength(1);
  }, 60_000);

  test('passes a shadow that is as good, and compares both versions on the same requests', async () => {
    const needs = { predictions: 600, margin: 0.02 };
    const step = { pipeline, rollout: 'default/ro-1', modelVersion: 2, previousModelVersion: 1, phase: 'shadow' as const, step: 1, trafficRatio: 0, needs, startedAtEventTime: timeOf(8) };
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.stepped.v1', data: step });
    const shadow = { modelVersion: 2, scoreOf: ({ score }: Flight) => 0.98 * score + 0.01 };
    for (let day = 8; day < 12; day += 1) await live(day, {}, [shadow]);
    await eventually(() => expect(of('millrace.monitoring.analysis.completed.v1')).toMatchObject([{ rollout: 'default/ro-1', phase: 'shadow', step: 1, verdict: 'pass', predictions: 720, blocks: 3 }]), 20_000);
    const { body } = await service.call('listComparisons', { project: 'default', name: 'flights' });
    expect(body.comparisons).toMatchObject([{ modelVersion: 2, otherModelVersion: 1, metric: 'log-loss', rows: 720 }]);
    await judged(12);
  }, 60_000);

  test('is silent about a canary without traffic: no evidence is never a pass', async () => {
    const needs = { predictions: 100, margin: 0.02 };
    const step = { pipeline, rollout: 'default/ro-1', modelVersion: 3, previousModelVersion: 1, phase: 'canary' as const, step: 2, trafficRatio: 0.1, needs, startedAtEventTime: timeOf(12) };
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.stepped.v1', data: step });
    await live(12);
    await judged(13);
    expect(of('millrace.monitoring.analysis.completed.v1')).toHaveLength(1);
  }, 60_000);

  test('passes a bake only when it lasted as long as it was to', async () => {
    const needs = { predictions: 0, margin: 0.02, durationMs: 1.5 * DAY_MS };
    const step = { pipeline, rollout: 'default/ro-1', modelVersion: 1, previousModelVersion: null, phase: 'bake' as const, step: 3, trafficRatio: 1, needs, startedAtEventTime: timeOf(13) };
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.stepped.v1', data: step });
    await live(13);
    await judged(14);
    expect(of('millrace.monitoring.analysis.completed.v1')).toHaveLength(1);
    await live(14);
    await eventually(() => expect(of('millrace.monitoring.analysis.completed.v1').at(-1)).toMatchObject({ phase: 'bake', step: 3, verdict: 'pass', predictions: 480 }));
  }, 60_000);

  test('says that the model predicts worse when the world changed, once, from the day it began', async () => {
    for (let day = 15; day < 20; day += 1) await live(day, { inverted: true });
    const [degraded] = await eventually(() => {
      expect(of('millrace.monitoring.performance.degraded.v1')).toHaveLength(1);
      return of('millrace.monitoring.performance.degraded.v1');
    }, 20_000);
    expect(degraded).toMatchObject({ changePoint: timeOf(15), modelVersion: 1, metric: 'log-loss', segments: [{ column: 'load' }, {}, {}, {}, {}] });
    await judged(20);
    expect(of('millrace.monitoring.performance.degraded.v1')).toHaveLength(1);
    await eventually(() => expect(of('millrace.monitoring.alert.raised.v1')).toContainEqual(expect.objectContaining({ kind: 'performance', recipient: 'ops-team' })));
    const { body } = await service.call('listIncidents', { pipeline, limit: 100 });
    expect(body.incidents.filter(({ kind }) => kind !== 'measure').map(({ kind, state, diagnosis }) => [kind, state, diagnosis])).toEqual([
      ['performance', 'raised', 'concept'],
      ['data', 'resolved', 'data-incident'],
    ]);
  }, 60_000);

  test('lets a person acknowledge and snooze an alert, and raises it once more when the snooze is over and it lasts', async () => {
    const open = (await service.call('listIncidents', { pipeline, state: 'raised', limit: 10 })).body.incidents.find(({ kind }) => kind === 'performance');
    const [project = '', alert = ''] = (open?.alert ?? '').split('/');
    const acknowledged = await service.call('acknowledgeAlert', { project, alert, note: 'I look' });
    expect(acknowledged.body.attention).toMatchObject({ state: 'acknowledged', note: 'I look' });
    const raisedBefore = of('millrace.monitoring.alert.raised.v1').length;
    await service.call('snoozeAlert', { project, alert, durationMs: 1_000 });
    await eventually(() => expect(of('millrace.monitoring.alert.raised.v1').slice(raisedBefore)).toMatchObject([{ alert: open?.alert, incident: open?.incident }]), 30_000);
    expect(of('millrace.monitoring.alert.acknowledged.v1')).toMatchObject([{ alert: open?.alert, note: 'I look' }]);
    expect(of('millrace.monitoring.alert.snoozed.v1')).toMatchObject([{ alert: open?.alert }]);
    expect((await service.call('acknowledgeAlert', { project, alert: 'al-none' })).body).toMatchObject({ code: 'alert-not-found' });
  }, 60_000);

  test('ends what was found about a version when another one answers', async () => {
    await answeredBy(2, 2);
    await eventually(() => expect(of('millrace.monitoring.alert.resolved.v1')).toContainEqual(expect.objectContaining({ kind: 'performance' })));
  }, 30_000);

  test('judges each version by its own reference, also the one that a rollback brings back', async () => {
    const kilometres = { unit: 1.609344 };
    await trained(2, kilometres);
    const before = of('millrace.monitoring.drift.detected.v1').length;
    for (const day of [20, 21]) await live(day, kilometres, [], 2);
    await judged(22);
    const inputs = new Map((await windows()).map((judgedWindow) => [judgedWindow.window.from, judgedWindow.inputs]));
    expect([20, 21].map((day) => inputs.get(timeOf(day)))).toEqual(['in-bounds', 'in-bounds']);
    await answeredBy(1, 3);
    await live(22, kilometres);
    await eventually(() => expect(of('millrace.monitoring.drift.detected.v1').slice(before)).toMatchObject([{ modelVersion: 1, diagnosis: 'data-incident', changePoint: timeOf(22), columns: [{ column: 'miles', factor: 1.609344 }] }]), 20_000);
  }, 60_000);

  test('judges a gain that shadow must show by blocks of hours, and passes no version that has none', async () => {
    const needs = { predictions: 300, margin: 0.02, proof: { alpha: 0.1, atLeast: 0, blockMs: DAY_MS / 4 } };
    const step = { pipeline, rollout: 'default/ro-9', modelVersion: 2, previousModelVersion: 1, phase: 'shadow' as const, step: 1, trafficRatio: 0, needs, startedAtEventTime: timeOf(8) };
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.stepped.v1', data: step });
    const told = await eventually(() => {
      const found = of('millrace.monitoring.analysis.completed.v1').find(({ rollout }) => rollout === 'default/ro-9');
      if (!found) throw new Error('not judged yet');
      return found;
    }, 20_000);
    expect(told).toMatchObject({ predictions: 960, blocks: 16, because: [{ passed: true }, { passed: true }, { check: 'gain-on-later-requests', passed: false, bound: 10 }] });
    expect(told.verdict).not.toBe('pass');
  }, 60_000);

  test('shows an incident, and says when there is none of that name', async () => {
    const { body } = await service.call('listIncidents', { state: 'resolved', limit: 100 });
    const [project = '', incident = ''] = body.incidents[0]?.incident.split('/') ?? [];
    expect((await service.call('getIncident', { project, incident })).body).toEqual(body.incidents[0]);
    expect((await service.call('getIncident', { project, incident: 'inc-none' })).body).toMatchObject({ code: 'incident-not-found' });
  });
});
