import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event, EventType, Pipeline } from '@millrace/contracts';
import { acceptedTopicOf, featureColumnOf, featureValueTopic, parsePipeline, predictionDataSet, predictionTopicOf, seededRandom } from '@millrace/decisions';
import { DuckDb, openObjectStore } from '@millrace/storage';
import { TestKafka, eventually, testService, tokenFor } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { FeatureStoreModule } from './index.js';
import { publishDataSet, stageSegment } from './testing/publish-data-set.js';
import type { PublishedRow } from './testing/publish-data-set.js';

const FILE = `pipeline: flights
dataSets:
  flights:
    key: flight
    eventTime: departed
    columns: { flight: string, departed: timestamp, origin: string, miles: double }
  outcomes:
    key: flight
    eventTime: departed
    knownAt: landed
    columns: { flight: string, origin: string, departed: timestamp, landed: timestamp, delay: double }
predict: { dataSet: flights }
features:
  hour: { hourOf: departed }
  miles: { column: miles }
  mean_delay: { mean: delay, from: outcomes, by: origin, window: 1h }
label: { dataSet: outcomes, column: delay, above: 15, maturesAfter: 1d }
training: { command: [python, train.py], minimumMaturedRows: 200 }
evaluation: { holdOut: 2d }
`;
const DAY_MS = 86_400_000;
const START_MS = Date.parse('2001-03-01T00:00:00Z');
/** Event time of the last flight: what is known of both data sets. */
const AT = new Date(START_MS + 20 * DAY_MS - 20 * 60_000).toISOString();

function definitionOf(source: string): Pipeline {
  const { pipeline } = parsePipeline(source);
  if (!pipeline) throw new TypeError('the file is wrong');
  return pipeline;
}

const definition = definitionOf(FILE);
const [flightsSet, outcomesSet] = definition.dataSets as [Pipeline['dataSets'][0], Pipeline['dataSets'][0]];

/** One flight every 20 minutes for 20 days; each outcome is known an hour and its delay later. */
function flightsAndOutcomes(): { flights: PublishedRow[]; outcomes: PublishedRow[] } {
  const random = seededRandom(1);
  const flights = Array.from({ length: 20 * 72 }, (_, index) => ({
    flight: `f${index}`, departed: START_MS + index * 20 * 60_000, origin: index % 3 ? 'ORD' : 'ATL', miles: Math.round(random() * 2000), _partition: 0, _offset: index,
  }));
  const outcomes = flights.map(({ flight, departed, origin, _offset }) => {
    const delay = random() * 60 - 20;
    return { flight, origin, departed, landed: departed + Math.round((60 + delay) * 60_000), delay, _partition: 0, _offset };
  });
  return { flights, outcomes };
}

describe('the feature store', () => {
  let service: TestService;
  let kafka: TestKafka;
  let records: Awaited<ReturnType<TestKafka['collect']>>;
  let emitted: Awaited<ReturnType<TestKafka['collectEvents']>>;
  const { flights, outcomes } = flightsAndOutcomes();

  beforeAll(async () => {
    service = await testService(FeatureStoreModule, { name: 'feature-store' });
    kafka = new TestKafka(service.environment);
    records = await kafka.collect(featureValueTopic);
    emitted = await kafka.collectEvents(
      'millrace.feature-store.pipeline-part.ready.v1',
      'millrace.feature-store.feature-view.materialized.v1',
      'millrace.feature-store.training-set.created.v1',
      'millrace.feature-store.training-set.refused.v1',
    );
    await kafka.createTopics([acceptedTopicOf(outcomesSet.id), predictionTopicOf(definition.id)]);
    await kafka.sendEvents(
      { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 1, definition, source: FILE, sha256: '0'.repeat(64), changes: [], previousVersion: null } },
      { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } },
    );
    await eventually(() => expect(of('millrace.feature-store.pipeline-part.ready.v1')).toHaveLength(1));
    await sendOutcomes(outcomes);
    await eventually(async () => expect(await sourceOffset()).toBe(outcomes.length - 1), 30_000);
  }, 90_000);
  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  });

  function of<T extends EventType>(type: T): Event<T>[] {
    return emitted().filter((event) => event.type === type) as unknown as Event<T>[];
  }

  async function sendOutcomes(rows: readonly PublishedRow[]): Promise<void> {
    const values = rows.map(({ _partition, _offset, ...value }) => ({
      key: String(value['flight']),
      value: JSON.stringify({ ...value, departed: new Date(Number(value['departed'])).toISOString(), landed: new Date(Number(value['landed'])).toISOString() }),
      headers: { 'mr-source-partition': String(_partition), 'mr-source-offset': String(_offset) },
      partition: 0,
    }));
    await kafka.sendRecords(acceptedTopicOf(outcomesSet.id), values);
  }

  async function sourceOffset(): Promise<number | undefined> {
    const { body } = await service.call('getFeatureView', { project: 'default', name: 'flights' });
    return body.sources[0]?.offsets[0]?.offset;
  }

  /** The mean that stood at a time, computed the long way. */
  function meanAt(origin: string, atMs: number): number | null {
    const toMs = Math.floor(atMs / 60_000) * 60_000;
    const inside = outcomes.filter((outcome) => outcome['origin'] === origin && Number(outcome['landed']) >= toMs - 3_600_000 && Number(outcome['landed']) < toMs);
    return inside.length === 0 ? null : inside.reduce((sum, outcome) => sum + Number(outcome['delay']), 0) / inside.length;
  }

  async function featuresOf(rows: readonly PublishedRow[]): Promise<Record<string, unknown>[]> {
    const asked = rows.map(({ flight, departed, origin, miles }) => ({ flight, departed: new Date(Number(departed)).toISOString(), origin, miles }));
    const { body } = await service.call('readOnlineFeatures', { project: 'default', name: 'flights', records: asked as [(typeof asked)[0]] });
    return body.rows.map((row) => row.features);
  }

  it('reads online features as of each record, from what was known then', async () => {
    const asked = flights.slice(500, 520);
    const features = await featuresOf(asked);
    features.forEach((row, index) => {
      const { origin, departed, miles } = asked[index] as PublishedRow;
      const mean = meanAt(String(origin), Number(departed));
      expect(row['hour']).toBe(new Date(Number(departed)).getUTCHours());
      expect(row['miles']).toBe(miles);
      if (mean === null) expect(row['mean_delay']).toBeNull();
      else expect(row['mean_delay']).toBeCloseTo(mean, 9);
    });
  });

  it('counts a record once although ingestion sent it twice', async () => {
    const before = await featuresOf(flights.slice(-5));
    await sendOutcomes(outcomes.slice(-50));
    await kafka.caughtUp('millrace.feature-store.data.0', acceptedTopicOf(outcomesSet.id));
    expect(await featuresOf(flights.slice(-5))).toEqual(before);
  });

  it('sends every tile and how far it is, and says so as an event', async () => {
    const progress = await eventually(() => {
      const last = records.filter((record) => record.key?.startsWith('progress:')).at(-1);
      expect(JSON.parse(String(last?.value))).toMatchObject({ kind: 'progress', dataSet: 'default/outcomes', partition: 0, sourceOffset: outcomes.length - 1 });
      return last;
    });
    expect(records.some((record) => record.key?.startsWith('default/outcomes:delay:origin:60000:knownAt|') && record.offset < (progress?.offset ?? 0n))).toBe(true);
    await eventually(() =>
      expect(of('millrace.feature-store.feature-view.materialized.v1').at(-1)?.data).toMatchObject({ pipeline: 'default/flights', featureView: { view: 'default/flights', version: 1 }, offsets: [{ partition: 0, offset: outcomes.length - 1 }] }),
    );
  });

  describe('asked for training sets', () => {
    const request = (run: string, champion: { modelVersion: number; run: string } | null, asOf: string) =>
      ({ type: 'millrace.training.run.requested.v1' as const, data: { pipeline: definition.id, run: `default/run-${run}`, trigger: 'default/tr-1', cause: 'first-version' as const, changePoint: null, asOf, excluded: [], champion } });
    const createdFor = (run: string): Promise<Event<'millrace.feature-store.training-set.created.v1'>> =>
      eventually(() => {
        const found = of('millrace.feature-store.training-set.created.v1').find((event) => event.data.run === `default/run-${run}`);
        if (!found) throw new Error(`no training set for ${run}: ${JSON.stringify(of('millrace.feature-store.training-set.refused.v1').map((event) => event.data.because))}`);
        return found;
      }, 30_000);

    beforeAll(async () => {
      const published = [await publishDataSet(service.environment, definition.id, flightsSet, flights), await publishDataSet(service.environment, definition.id, outcomesSet, outcomes)];
      await kafka.sendEvents(...published.map((data) => ({ type: 'millrace.ingestion.data-set.version-published.v1' as const, data })));
    }, 60_000);

    it('makes one that ends an embargo before the hold-out, and belongs to the cascade of the run', async () => {
      const [asked] = await kafka.sendEvents(request('a', null, AT));
      const { data, correlationId, causationId } = await createdFor('a');
      const asOfMs = Date.parse(data.asOf);
      expect(data).toMatchObject({ pipeline: definition.id, embargoMs: DAY_MS, featureView: { version: 1 }, dataSetVersions: [{ dataSet: 'default/flights', version: 1 }, { dataSet: 'default/outcomes', version: 1 }] });
      expect(data.holdOuts).toMatchObject([{ kind: 'recent', window: { from: new Date(asOfMs - 3 * DAY_MS).toISOString(), to: new Date(asOfMs - DAY_MS).toISOString() } }]);
      expect(data.window.to).toBe(new Date(asOfMs - 4 * DAY_MS).toISOString());
      expect({ correlationId, causationId }).toEqual({ correlationId: asked?.correlationId, causationId: asked?.id });
      const duckDb = await DuckDb.open();
      const path = await openObjectStore(service.environment.objectStoreUrl).localPath(data.file.url);
      const [rows] = await duckDb.query<{ rows: number; late: number; latest: Date }>(`SELECT count(*) AS rows, count(*) FILTER (_label = 1) AS late, max(_event_time) AS latest FROM read_parquet('${path}')`);
      const expected = flights.filter((flight) => Number(flight['departed']) < asOfMs - 4 * DAY_MS);
      expect(rows).toMatchObject({ rows: expected.length, late: data.positives });
      expect(rows?.latest.getTime()).toBeLessThan(Date.parse(data.window.to));
      await duckDb.close();
    }, 60_000);

    it('seals the hold-out: what lies in the store cannot be read, the evaluator can', async () => {
      const { data } = await createdFor('a');
      const [sealed] = data.holdOuts;
      const holdOut = sealed?.holdOut.split('/')[1] ?? '';
      expect((await service.request('GET', `/hold-outs/default/${holdOut}`, undefined, { roles: ['scientist'] })).status).toBe(403);
      expect((await service.request('GET', '/hold-outs/default/ho-none', undefined, { roles: ['service'] })).status).toBe(404);
      const [stored] = await service.environment.query<{ url: string }>('select url from feature_store.hold_outs where hold_out = $1', [sealed?.holdOut]);
      const store = openObjectStore(service.environment.objectStoreUrl);
      expect(Buffer.from(await store.get(store.keyOf(stored?.url ?? ''))).includes('PAR1')).toBe(false);
      expect(await rowsOfHoldOut(holdOut)).toBe(sealed?.rows);
    }, 60_000);

    it('keeps the hold-out of the first champion out of later training and judges by it again', async () => {
      const first = await createdFor('a');
      const earlier = new Date(Date.parse(first.data.asOf) - 6 * DAY_MS).toISOString();
      await kafka.sendEvents(request('b', null, earlier));
      await createdFor('b');
      await kafka.sendEvents(request('c', { modelVersion: 1, run: 'default/run-b' }, AT));
      const [early, late] = [await createdFor('b'), await createdFor('c')];
      expect(late.data.holdOuts).toMatchObject([{ kind: 'recent' }, { kind: 'reference', holdOut: early.data.holdOuts[0]?.holdOut, window: early.data.holdOuts[0]?.window }]);
      expect(late.data.excluded).toEqual([early.data.holdOuts[0]?.window]);
      expect(late.data.rows).toBe(first.data.rows - (early.data.holdOuts[0]?.rows ?? 0));
    }, 60_000);

    it('refuses with the numbers when too little has matured', async () => {
      await kafka.sendEvents(request('d', null, new Date(START_MS + 4 * DAY_MS).toISOString()));
      const refused = await eventually(() => {
        const found = of('millrace.feature-store.training-set.refused.v1').find((event) => event.data.run === 'default/run-d');
        if (!found) throw new Error('not yet');
        return found;
      }, 20_000);
      expect(refused.data.because).toContainEqual(expect.objectContaining({ check: 'training-rows', passed: false, measured: 0, bound: 20 }));
    }, 30_000);

    it('finds that every served value is reproduced, and shows one that is not', async () => {
      const log = predictionDataSet(definition);
      const asked = flights.slice(400, 460);
      const served = await featuresOf(asked);
      const rows = asked.map((flight, index) => ({
        prediction_id: `p${index}`, request_id: 'r', key: String(flight['flight']), event_time: flight['departed'], predicted_at: flight['departed'], model_version: 1, role: 'champion', served: true,
        route_revision: 1, pipeline_version: 1, score: 0.5, propensity: 1, latency_ms: 1, process: 'p', sequence: index, _partition: 0, _offset: index,
        ...Object.fromEntries(Object.entries(served[index] ?? {}).map(([name, value]) => [featureColumnOf(name), index === 7 && name === 'miles' ? -1 : value])),
      }));
      const published = await publishDataSet(service.environment, definition.id, log, rows);
      await kafka.sendEvents({ type: 'millrace.ingestion.data-set.version-published.v1', data: published });
      const answer = await eventually(async () => {
        const { body } = await service.call('reproduceFeatures', { pipeline: definition.id, from: new Date(START_MS).toISOString(), to: AT });
        expect(body.compared).toBe(180);
        return body;
      });
      expect(answer).toMatchObject({ equal: 179, share: 179 / 180, examples: [{ key: 'f407', feature: 'miles', served: '-1.0' }] });
    }, 60_000);

    async function rowsOfHoldOut(holdOut: string): Promise<number | undefined> {
      const token = await tokenFor(service.environment, ['service'], { subject: 'service:training', issuer: 'training' });
      const response = await fetch(`${service.url}/hold-outs/default/${holdOut}`, { headers: { authorization: `Bearer ${token}` } });
      const path = join(service.environment.home, `${holdOut}.parquet`);
      await writeFile(path, Buffer.from(await response.arrayBuffer()));
      const duckDb = await DuckDb.open();
      const [row] = await duckDb.query<{ rows: number }>(`SELECT count(*) AS rows FROM read_parquet('${path}') WHERE _label IS NOT NULL AND miles IS NOT NULL`);
      await duckDb.close();
      return row?.rows;
    }
  });

  describe('whose tiles are no longer right', () => {
    const late = Array.from({ length: 30 }, (_, index): PublishedRow => {
      const landed = START_MS + 21 * DAY_MS + index * 60_000;
      return { flight: `bad${index}`, origin: 'ORD', departed: landed - 3_600_000, landed, delay: 1000, _partition: 0, _offset: outcomes.length + index };
    });
    const after = { flight: 'x', departed: START_MS + 21 * DAY_MS + 40 * 60_000, origin: 'ORD', miles: 1, _partition: 0, _offset: 0 };
    const meanNow = async (): Promise<unknown> => (await featuresOf([after]))[0]?.['mean_delay'];

    it('takes the records of a rejected segment out again and goes on folding', async () => {
      const staged = await stageSegment(service.environment, 'default/seg-bad', outcomesSet, late);
      await sendOutcomes(late);
      await eventually(async () => expect(await meanNow()).toBe(1000));
      await kafka.sendEvents({ type: 'millrace.ingestion.segment.staged.v1', data: staged });
      await kafka.caughtUp('millrace.feature-store', 'millrace.ingestion.segment');
      await kafka.sendEvents({ type: 'millrace.validation.segment.rejected.v1', data: { dataSet: outcomesSet.id, segment: 'default/seg-bad', because: [] } });
      await eventually(async () => expect(await meanNow()).toBeNull(), 20_000);
      await eventually(async () => expect((await service.call('getFeatureView', { project: 'default', name: 'flights' })).body.sources[0]?.suspectSegments).toEqual([]));
      const place = records.filter((record) => record.key?.startsWith('default/outcomes:delay') && record.value === null);
      expect(place.length).toBe(30);
      await sendOutcomes([{ ...(late[0] as PublishedRow), delay: 7, _offset: outcomes.length + 30 }]);
      await eventually(async () => expect(await meanNow()).toBe(7), 20_000);
    }, 60_000);

    it('fills a feature that a later version of the pipeline adds from what was published', async () => {
      const added = definitionOf(FILE.replace('  mean_delay:', '  worst_delay: { max: delay, from: outcomes, by: origin, window: 6h, every: 10m }\n  mean_delay:'));
      const staged = await stageSegment(service.environment, 'default/seg-good', outcomesSet, [{ ...(late[0] as PublishedRow), delay: 7, _offset: outcomes.length + 30 }]);
      await kafka.sendEvents(
        { type: 'millrace.ingestion.segment.staged.v1', data: staged },
        { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 2, definition: added, source: FILE, sha256: '0'.repeat(64), changes: [], previousVersion: 1 } },
        { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 2, definition: added } },
      );
      const flight = flights[700] as PublishedRow;
      const toMs = Math.floor(Number(flight['departed']) / 600_000) * 600_000;
      const inside = outcomes.filter((outcome) => outcome['origin'] === flight['origin'] && Number(outcome['landed']) >= toMs - 6 * 3_600_000 && Number(outcome['landed']) < toMs);
      await eventually(async () => expect((await featuresOf([flight]))[0]?.['worst_delay']).toBe(Math.max(...inside.map((outcome) => Number(outcome['delay'])))), 20_000);
      const { body } = await service.call('getFeatureView', { project: 'default', name: 'flights' });
      expect(body.featureView).toEqual({ view: 'default/flights', version: 2 });
    }, 60_000);
  });
});
