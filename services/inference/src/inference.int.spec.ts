import { createPrivateKey, sign } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pipeline, Target } from '@millrace/contracts';
import { featureValueKeyOf, featureValueTopic, parsePipeline, predictionTopicOf, progressKeyOf, servingSpecOf, tileSeriesOf } from '@millrace/decisions';
import type { OnlineTile } from '@millrace/decisions';
import { openObjectStore, putContent } from '@millrace/storage';
import { TestKafka, eventually, linearOnnxModel, testEnvironment, testService } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { InferenceModule } from './index.js';

const FILE = `pipeline: flights
dataSets:
  flights: { key: flight, eventTime: departed, columns: { flight: string, departed: timestamp, origin: string, miles: double } }
  outcomes: { key: flight, eventTime: departed, knownAt: landed, columns: { flight: string, origin: string, departed: timestamp, landed: timestamp, delay: double } }
predict: { dataSet: flights }
features:
  hour: { hourOf: departed }
  miles: { column: miles }
  mean_delay: { mean: delay, from: outcomes, by: origin, window: 1h }
label: { dataSet: outcomes, column: delay, above: 15, maturesAfter: 1d }
training: { command: [python, train.py] }
`;
const AT_MS = Date.parse('2001-03-01T12:00:30Z');
const definition = parsePipeline(FILE).pipeline as Pipeline;
const aggregate = definition.features[2] as Extract<Pipeline['features'][number], { kind: 'aggregate' }>;
const flight = (key: string, more: object = {}) => ({ flight: key, departed: new Date(AT_MS).toISOString(), origin: 'ORD', miles: 500, ...more });

function modelOf(bias: number): Uint8Array {
  return linearOnnxModel({
    inputs: [{ name: 'hour', type: 'long', weight: 0.1 }, { name: 'miles', type: 'double', weight: 0.001 }, { name: 'mean_delay', type: 'double', weight: 0.05 }],
    bias,
    output: 'probability',
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** What `modelOf(bias)` answers for `flight`. */
const scoreOf = (bias: number, { hour = 12, miles = 500, mean = 20 } = {}): number => sigmoid(bias + 0.1 * hour + 0.001 * miles + 0.05 * mean);

describe('inference', () => {
  let environment: TestEnvironment;
  let service: TestService;
  let kafka: TestKafka;
  let predictions: Awaited<ReturnType<TestKafka['collect']>>;
  let revision = 0;

  beforeAll(async () => {
    environment = await testEnvironment();
    service = await testService(InferenceModule, { name: 'inference', environment });
    kafka = new TestKafka(environment);
    predictions = await kafka.collect(predictionTopicOf(definition.id));
    await sendTiles([{ count: 2, sum: 40, startMs: AT_MS - 600_000 }]);
    await announce([await target(1, 'champion', 1, -3)]);
    await untilTilesAreRead();
  }, 60_000);
  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  }, 20_000);

  async function target(modelVersion: number, role: Target['role'], trafficRatio: number, bias: number, change: Partial<Target['signed']> = {}): Promise<Target> {
    const model = await putContent(openObjectStore(environment.objectStoreUrl), 'models', modelOf(bias), '.onnx');
    const approved = JSON.stringify({ modelVersion, pipeline: definition.id, sha256: model.sha256, sizeBytes: model.sizeBytes });
    const signature = sign(null, Buffer.from(approved), createPrivateKey(await readFile(environment.secrets.modelKeyFile))).toString('base64');
    return { modelVersion, run: `default/run-${modelVersion}`, role, trafficRatio, model, signed: { keyId: 'k', signature, ...change }, serving: servingSpecOf(definition, { view: definition.id, version: 1 }) };
  }

  async function announce(targets: Target[]): Promise<void> {
    revision += 1;
    await kafka.sendEvents({ type: 'millrace.deployment.route.changed.v1', data: { pipeline: definition.id, revision, targets }, pipelineVersion: 4 });
    await eventually(async () => {
      const { body } = await service.call('getFreshness', {});
      expect(body.models.map(({ routeRevision, loaded, problem }) => ({ routeRevision, isSettled: loaded || problem !== null }))).toEqual(targets.map(() => ({ routeRevision: revision, isSettled: true })));
    });
  }

  async function sendTiles(tiles: { count: number; sum: number; startMs: number; entity?: string }[]): Promise<void> {
    await kafka.createTopics([featureValueTopic]);
    const values = tiles.map(({ count, sum, startMs, entity = 'ORD' }): OnlineTile => ({
      kind: 'tile', series: tileSeriesOf(aggregate), entity, tileStartMs: Math.floor(startMs / 60_000) * 60_000, partition: 0, count, sum, min: 0, max: sum, last: sum, lastAtMs: startMs,
    }));
    const progress = { kind: 'progress', dataSet: 'default/outcomes', partition: 0, sourceOffset: 17, watermarkMs: AT_MS };
    await kafka.sendRecords(featureValueTopic, [
      ...values.map((value) => ({ key: featureValueKeyOf(value), value: JSON.stringify(value) })),
      { key: progressKeyOf('default/outcomes', 0), value: JSON.stringify(progress) },
    ]);
    await untilTilesAreRead();
  }

  /** Of a view that no route names yet nothing is shown. */
  async function untilTilesAreRead(): Promise<void> {
    await eventually(async () => {
      const { body } = await service.call('getFreshness', {});
      expect(body.views.flatMap((view) => view.dataSets)).toEqual(body.views.length === 0 ? [] : [{ dataSet: 'default/outcomes', partitions: [{ partition: 0, sourceOffset: 17, watermark: new Date(AT_MS).toISOString() }] }]);
    });
  }

  const predict = (records: object[]) => service.request('POST', '/predictions/default/flights', { records }, { roles: ['predictor'] }) as Promise<{ status: number; body: { predictions: { score: number; modelVersion: number; predictionId: string }[]; errors?: unknown; detail?: string } }>;
  const logOf = async (predictionIds: string[]) =>
    eventually(() => {
      const found = predictions.map(({ key, value }) => ({ ...(JSON.parse(String(value)) as Record<string, unknown>), kafkaKey: key })).filter((record) => predictionIds.includes(String((record as Record<string, unknown>)['prediction_id'])));
      expect(found).toHaveLength(predictionIds.length);
      return found as Record<string, unknown>[];
    });

  it('answers with the features as of the event time, and logs what was served', async () => {
    const { status, body } = await predict([flight('a'), flight('b', { departed: new Date(AT_MS + 1_800_000).toISOString(), miles: 1000 })]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ pipeline: 'default/flights', routeRevision: 1, featureWatermark: new Date(AT_MS).toISOString() });
    expect(body.predictions.map(({ modelVersion }) => modelVersion)).toEqual([1, 1]);
    expect(body.predictions[0]?.score).toBeCloseTo(scoreOf(-3), 6);
    const [first, second] = await logOf(body.predictions.map(({ predictionId }) => predictionId));
    expect(first).toMatchObject({ kafkaKey: 'a', key: 'a', event_time: new Date(AT_MS).toISOString(), model_version: 1, role: 'champion', served: true, pipeline_version: 4, propensity: 1, f_hour: 12, f_miles: 500, f_mean_delay: 20 });
    expect(second).toMatchObject({ key: 'b', f_hour: 12, f_miles: 1000, f_mean_delay: 20 });
    expect(Number(second?.['sequence'])).toBe(Number(first?.['sequence']) + 1);
  });

  it('answers Open Inference Protocol requests', async () => {
    const inputs = [
      { name: 'flight', shape: [2], datatype: 'BYTES', data: ['x', 'y'] },
      { name: 'departed', shape: [2, 1], datatype: 'BYTES', data: [[new Date(AT_MS).toISOString()], [new Date(AT_MS).toISOString()]] },
      { name: 'origin', shape: [2], datatype: 'BYTES', data: ['ORD', 'ORD'] },
      { name: 'miles', shape: [2], datatype: 'FP64', data: [500, 500] },
    ];
    const { status, body } = (await service.request('POST', '/v2/models/flights/infer', { id: 'mine', inputs }, { roles: ['predictor'] })) as { status: number; body: { outputs: { name: string; data: number[] }[] } };
    expect(status).toBe(200);
    expect(body).toMatchObject({ model_name: 'flights', model_version: '1', id: 'mine', parameters: { route_revision: 1 } });
    expect(body.outputs.find(({ name }) => name === 'score')?.data[0]).toBeCloseTo(scoreOf(-3), 6);
    const metadata = (await service.call('getModelMetadata', { model: 'default.flights' })).body;
    expect(metadata.inputs).toContainEqual({ name: 'miles', datatype: 'FP64', shape: [-1] });
    expect((await service.request('GET', '/v2/health/ready', undefined, { roles: [] })).body).toEqual({ ready: true });
  });

  it('refuses a record with a missing feature, a wrong type or a column that does not exist, naming each', async () => {
    const { status, body } = await predict([flight('a'), { flight: 'b', origin: 7, miles: 1, wings: 2 }, { flight: 'c', origin: 'ORD' }]);
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'records[1].origin', message: 'takes a text, not 7' },
      { path: 'records[1].wings', message: 'is not a column of the predicted data set' },
      { path: 'records[2].miles', message: 'is missing' },
    ]);
  });

  it('refuses tensors that do not fit together, in the words of the protocol', async () => {
    const tensor = (name: string, datatype: string, shape: number[], data: unknown[]) => ({ name, datatype, shape, data });
    const texts = Array.from({ length: 10_001 }, (_, row) => `f${row}`);
    const cases: [object[], number, string][] = [
      [[tensor('miles', 'FP64', [4_000_000_000], [1])], 422, 'has [4000000000] and 1'],
      [[tensor('flight', 'BYTES', [2], ['a', 'b']), tensor('miles', 'FP64', [1], [1])], 422, 'has 1 rows, the first input has 2'],
      [[tensor('flight', 'BYTES', [1], ['a']), tensor('flight', 'BYTES', [1], ['b'])], 422, 'comes twice'],
      [[tensor('miles', 'BYTES', [1], ['a'])], 422, 'is BYTES, takes FP64'],
      [[tensor('flight', 'BYTES', [texts.length], texts)], 413, '10001 rows'],
    ];
    for (const [inputs, status, error] of cases) expect(await service.request('POST', '/v2/models/flights/infer', { inputs })).toMatchObject({ status, body: { error: expect.stringContaining(error) } });
  });

  it('says so when the model answers no number, and logs it as an error of that version', async () => {
    const { status, body } = await predict([flight('a'), flight('nan', { origin: 'nowhere' })]);
    expect({ status, detail: body.detail }).toEqual({ status: 422, detail: 'Version 1 of default/flights answers no number for record 1' });
    await eventually(() => {
      const logged = predictions.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>).find((record) => record['key'] === 'nan');
      expect(logged).toMatchObject({ served: true, score: null, f_mean_delay: null });
    });
  });

  it('answers 404 for a model that is not served, 403 without the role and 401 without a token', async () => {
    expect((await service.request('POST', '/predictions/default/nothing', { records: [{}] })).status).toBe(404);
    expect((await service.request('POST', '/predictions/default/flights', { records: [flight('a')] }, { roles: ['viewer'] })).status).toBe(403);
    expect((await service.request('POST', '/predictions/default/flights', { records: [flight('a')] }, { roles: [] })).status).toBe(401);
  });

  it('scores a shadow on the same records and never lets it answer', async () => {
    await announce([await target(1, 'champion', 1, -3), await target(2, 'shadow', 0, -1)]);
    const { body } = await predict([flight('s')]);
    expect(body.predictions).toMatchObject([{ modelVersion: 1 }]);
    const both = await eventually(() => {
      const found = predictions.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>).filter((record) => record['key'] === 's');
      expect(found).toHaveLength(2);
      return found;
    });
    expect(both.find((record) => record['role'] === 'shadow')).toMatchObject({ model_version: 2, served: false, f_mean_delay: 20 });
    expect(both[0]?.['request_id']).toBe(both[1]?.['request_id']);
    expect(both.find((record) => record['role'] === 'shadow')?.['score']).toBeCloseTo(scoreOf(-1), 6);
  });

  it('lets a challenger answer its share of keys, always the same ones', async () => {
    await announce([await target(1, 'champion', 0.7, -3), await target(2, 'challenger', 0.3, -1)]);
    const records = Array.from({ length: 400 }, (_, index) => flight(`k${index}`));
    const [first, again] = [await predict(records), await predict(records)];
    const versions = first.body.predictions.map(({ modelVersion }) => modelVersion);
    expect(again.body.predictions.map(({ modelVersion }) => modelVersion)).toEqual(versions);
    expect(versions.filter((version) => version === 2).length / 400).toBeCloseTo(0.3, 1);
  });

  it('goes on with the last good route when a new champion is not signed by the registry', async () => {
    const stranger = await target(3, 'champion', 1, 5, { signature: Buffer.alloc(64).toString('base64') });
    await announce([stranger]);
    const { body } = await service.call('getFreshness', {});
    expect(body.models).toMatchObject([{ modelVersion: 3, loaded: false, problem: expect.stringContaining('not signed') as string }]);
    expect((await predict([flight('a')])).status).toBe(200);
  });

  it('refuses a model whose file is not the one that was approved', async () => {
    const tampered = await target(4, 'champion', 1, 7);
    const store = openObjectStore(environment.objectStoreUrl);
    await store.put(store.keyOf(tampered.model.url), modelOf(8));
    await announce([tampered]);
    const { body } = await service.call('getFreshness', {});
    expect(body.models).toMatchObject([{ modelVersion: 4, loaded: false }]);
    expect((await predict([flight('a')])).body.predictions[0]?.modelVersion).not.toBe(4);
  });

  it('answers durable predictions while Kafka is away, says how stale it is, and the next process brings them to the log', async () => {
    const durable = await target(1, 'champion', 1, -3);
    await announce([{ ...durable, serving: { ...durable.serving, logging: 'durable' } }]);
    expect((await predict([flight('near')])).body).toMatchObject({ staleMs: expect.any(Number) });
    await service.stop();
    service = await testService(InferenceModule, { name: 'inference', environment, env: { MILLRACE_INFERENCE_KAFKA_BROKERS: '127.0.0.1:1' } });
    const answers = await Promise.all(['x', 'y', 'z'].map((key) => predict([flight(key)])));
    expect(answers).toMatchObject(answers.map(() => ({ status: 200, body: { staleMs: null } })));
    const ids = answers.map(({ body }) => body.predictions[0]?.predictionId ?? '');
    expect((await service.call('getFreshness', {})).body.predictions).toMatchObject({ logged: 0, spooled: 3 });
    await service.stop();

    service = await testService(InferenceModule, { name: 'inference', environment });
    await logOf(ids);
    await eventually(async () => expect((await service.call('getFreshness', {})).body.predictions).toMatchObject({ logged: 3, spooled: 0 }));
  }, 60_000);

  it('answers after a restart while Kafka and the object store are away, from what it kept', async () => {
    await announce([await target(1, 'champion', 1, -3)]);
    await service.stop();
    expect((await readdir(join(environment.home, 'inference'))).sort()).toEqual(['models', 'predictions', 'routes.json', 'tiles.ndjson']);
    await writeFile(join(environment.home, 'nothing'), '');
    service = await testService(InferenceModule, { name: 'inference', environment, env: { MILLRACE_INFERENCE_KAFKA_BROKERS: '127.0.0.1:1', MILLRACE_INFERENCE_OBJECT_STORE_URL: `file://${join(environment.home, 'nothing')}` } });
    const { status, body } = await predict([flight('a')]);
    expect(status).toBe(200);
    expect(body.predictions[0]?.score).toBeCloseTo(scoreOf(-3), 6);
    const freshness = await service.call('getFreshness', {});
    expect(freshness.body).toMatchObject({ caughtUp: false, routesStaleMs: null, models: [{ loaded: true }], predictions: { logged: 0, waiting: 1, lost: 0 } });
  }, 60_000);
});
