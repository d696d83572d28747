import type { Event, EventData, EventType, Pipeline } from '@millrace/contracts';
import { BinSums, monitoringPolicyOf, pinColumns, profileOf, referenceOf } from '@millrace/decisions';
import type { ColumnValue, WindowProfile } from '@millrace/decisions';
import { UnitOfWork, timerCause } from '@millrace/runtime';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { MonitoringModule } from './index.js';
import { PipelineRow } from './store/pipeline.row.js';
import { ReferenceRow } from './store/reference.row.js';
import { DAY_MS, START_MS, flightsDefinition, flightsOf } from './testing/watched-flights.js';
import type { Flight } from './testing/watched-flights.js';
import { judgeWindow } from './use-cases/judge-window.js';

const PIPELINES = 50;
const REFERENCE_DAYS = 8;
const flights = flightsDefinition();
const first = { fromMs: START_MS, toMs: START_MS + DAY_MS };
const COLUMNS = [['miles', 'numeric'], ['load', 'numeric'], ['origin', 'category']] as const;

function pipelineNamed(name: string, recipient: string): Pipeline {
  return { ...flights, id: `default/${name}`, name, owners: { data: 'feed-team', model: recipient }, monitoring: { ...flights.monitoring, alarmAfter: 1, of: 1 } };
}

/** One data set under many pipelines moves on one day; monitoring judges each of them. */
describe('a change of a data set that many pipelines read', () => {
  let service: TestService;
  let kafka: TestKafka;
  let work: UnitOfWork;
  let emitted: Awaited<ReturnType<TestKafka['collectEvents']>>;
  const past = Array.from({ length: REFERENCE_DAYS }, (_, day) => flightsOf(day - REFERENCE_DAYS));
  const valuesOf = (rows: readonly Flight[], name: keyof Flight): ColumnValue[] => rows.map((row) => row[name]);
  const pinned = pinColumns(COLUMNS.map(([name, kind]) => ({ name, kind, values: valuesOf(past.flat(), name) })));
  const profile = (day: number, rows: readonly Flight[]): WindowProfile =>
    profileOf({ fromMs: START_MS + day * DAY_MS, toMs: START_MS + (day + 1) * DAY_MS }, pinned, { timesMs: rows.map(({ departed }) => departed), columns: Object.fromEntries(COLUMNS.map(([name]) => [name, valuesOf(rows, name)])), repeated: 0 });
  const moved = flightsOf(0).map((flight, i) => ({ ...flight, origin: i % 10 === 0 ? 'ATL' : 'ORD', miles: i % 3 === 0 ? flight.miles : 1589 }));
  const names = Array.from({ length: PIPELINES }, (_, i) => `flights-${i}`);

  beforeAll(async () => {
    service = await testService(MonitoringModule, { name: 'monitoring' });
    kafka = new TestKafka(service.environment);
    work = service.app.get(UnitOfWork);
    emitted = await kafka.collectEvents('millrace.monitoring.drift.detected.v1', 'millrace.monitoring.alert.raised.v1', 'millrace.monitoring.alert.resolved.v1');
    await work.run(timerCause({ name: 'monitoring', project: 'default' }), async (tx) => {
      const reference = referenceOf(pinned, past.map((rows, i) => profile(i - REFERENCE_DAYS, rows)), monitoringPolicyOf(flights.monitoring));
      await tx.save(PipelineRow, [...names, 'strangers'].map((name, i) => watched(pipelineNamed(name, i % 2 === 0 ? 'ops-team' : 'desk-team'))));
      await tx.save(ReferenceRow, [...names, 'strangers'].map((name) => ({ pipeline: `default/${name}`, run: 'default/run-1', trainingSet: null, inputs: reference, scores: null, rowLosses: null, holdOutLosses: [], firstOutcomes: [] })));
    });
  }, 90_000);
  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  });

  function watched(definition: Pipeline): PipelineRow {
    const champion = { modelVersion: 1, run: 'default/run-1' };
    const known = { predictions: null, labels: null, recordsWatermark: null, recordsAhead: {}, late: null, refused: null, firstPredictionAt: new Date(START_MS), nextOutcomeAt: null };
    return { pipeline: definition.id, version: 1, definition, champion, routeRevision: 1, nextWindowAt: new Date(START_MS), ...known };
  }

  const judge = (name: string, rows: readonly Flight[], window = first): Promise<void> =>
    work.run(timerCause({ name: 'monitoring', project: 'default' }), (tx) => judgeWindow(tx, `default/${name}`, window, { inputs: profile((window.fromMs - START_MS) / DAY_MS, rows), scores: null, scoreSample: [], scoreSums: new BinSums(pinned) }));

  function of<T extends EventType>(type: T): EventData[T][] {
    return emitted().flatMap((event) => (event.type === type ? [(event as unknown as Event<T>).data] : []));
  }

  test('is one incident that names all of them, and one alert for each who is told, whoever sees it first', async () => {
    const inHand = [...names];
    const judgeAll = async (): Promise<void> => {
      for (let name = inHand.pop(); name !== undefined; name = inHand.pop()) await judge(name, moved.filter((_, i) => (7 * i) % 240 < 140 + Number(name.slice(8))));
    };
    await Promise.all([judgeAll(), judgeAll(), judgeAll(), judgeAll()]);
    await eventually(() => expect(of('millrace.monitoring.drift.detected.v1')).toHaveLength(PIPELINES), 30_000);
    const told = of('millrace.monitoring.drift.detected.v1');
    expect(new Set(told.map(({ incident }) => incident)).size).toBe(1);
    expect(new Set(told.map(({ pipeline }) => pipeline)).size).toBe(PIPELINES);
    expect(new Set(told.map(({ estimatedLoss }) => estimatedLoss?.perDay)).size).toBeGreaterThan(PIPELINES / 2);
    const { body } = await service.call('listIncidents', {});
    expect(body.incidents).toHaveLength(1);
    expect(body.incidents[0]).toMatchObject({ kind: 'drift', state: 'raised', sources: expect.arrayContaining(['default/flights.origin']) });
    expect(body.incidents[0]?.affected).toHaveLength(PIPELINES);
    await eventually(() => expect(of('millrace.monitoring.alert.raised.v1').map(({ recipient }) => recipient).sort()).toEqual(['desk-team', 'ops-team']));
  }, 60_000);

  test('lasts until the last of them sees no more of it', async () => {
    const [incident] = (await service.call('listIncidents', {})).body.incidents;
    const id = { project: 'default', incident: incident?.incident.split('/')[1] ?? '' };
    for (let day = 1; day <= 7; day += 1) await judge('flights-0', flightsOf(day), { fromMs: START_MS + day * DAY_MS, toMs: START_MS + (day + 1) * DAY_MS });
    await eventually(() => expect(of('millrace.monitoring.alert.resolved.v1')).toEqual([expect.objectContaining({ pipeline: 'default/flights-0', incident: incident?.incident })]));
    const { body } = await service.call('getIncident', id);
    expect(body.state).toBe('raised');
    expect(body.affected?.filter(({ state }) => state === 'resolved').map(({ pipeline }) => pipeline)).toEqual(['default/flights-0']);
    const { body: own } = await service.call('listIncidents', { pipeline: 'default/flights-0' });
    expect(own.incidents).toMatchObject([{ state: 'resolved', incident: incident?.incident }]);
  }, 60_000);

  test('that moves something else is another incident', async () => {
    await judge('strangers', flightsOf(0).map((flight) => ({ ...flight, load: flight.load ** 4 })));
    await eventually(() => expect(of('millrace.monitoring.drift.detected.v1')).toHaveLength(PIPELINES + 1));
    const { body } = await service.call('listIncidents', {});
    expect(body.incidents).toHaveLength(2);
    expect(body.incidents[0]).toMatchObject({ pipeline: 'default/strangers', sources: ['default/flights.load'], affected: [{ pipeline: 'default/strangers' }] });
  }, 30_000);
});
