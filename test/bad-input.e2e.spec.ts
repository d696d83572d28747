import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { errorTable } from '@millrace/contracts';
import { startPlatform } from '@millrace/infra';
import { DeltaTable, DuckDb, openObjectStore, relationOf } from '@millrace/storage';
import { eventually } from '@millrace/testing';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { generateMachineDays } from '../examples/machine-wear/generate.ts';
import { Asker, type Answer } from './asker.ts';

const pipeline = 'default/machine-wear';
const readings = 'default/machine-readings';
const readingsTopic = 'millrace.data.default.machine-readings';
const driftTopic = 'millrace.monitoring.drift';
const driftType = 'millrace.monitoring.drift.detected.v1';
const launchDays = 10;
const reading = { reading_id: 'r-1', event_time: '2026-01-12T00:00:00Z', machine_id: 'm1', product: 'gear', temperature_c: 70, load_ratio: 0.5, coolant_pressure_bar: 4 };

/** Whatever people, programs and broken feeds send: each gets a clear answer or a reason, nothing is lost and nothing stops. */
describe('bad input to a running platform', () => {
  const home = mkdtempSync(join(tmpdir(), 'millrace-bad-input-'));
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let producer: Producer;
  let admin: Asker;

  const cli = (...parameters: string[]): Promise<{ code: number; out: string }> =>
    promisify(execFile)(process.execPath, ['libs/cli/bin/millrace.mjs', ...parameters], { env: { ...process.env, MILLRACE_HOME: home } }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout + stderr }),
    );
  const message = (record: { reading_id: string }): { key: string; value: string } => ({ key: record.reading_id, value: JSON.stringify(record) });
  const publish = (dataSet: string, records: readonly { reading_id: string }[]) => producer.send({ topic: `millrace.data.default.${dataSet}`, messages: records.map(message) });
  const infer = (inputs: object[]): Promise<Answer> => admin.post('/v2/models/machine-wear/infer', { inputs });

  beforeAll(async () => {
    platform = await startPlatform({ home, freePorts: true });
    admin = new Asker(platform.urls.gateway, platform.adminToken);
    producer = new Kafka({ clientId: 'shop-floor', brokers: platform.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).producer({ retry: { retries: 1 } });
    await producer.connect();
    expect(await cli('apply', '-f', 'examples/machine-wear/pipeline.yaml', '--wait')).toMatchObject({ code: 0 });
    for (const day of generateMachineDays({ days: launchDays })) {
      await publish('machine-readings', day.readings);
      await publish('machine-outcomes', day.outcomes);
    }
    await eventually(async () => expect(await admin.get('/v2/models/machine-wear/ready')).toMatchObject({ status: 200 }), 90_000);
  }, 180_000);

  afterAll(async () => {
    await producer?.disconnect();
    await platform?.stop();
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  describe('over HTTP', () => {
    const predictions = `/api/inference/predictions/${pipeline}`;
    const records = `/api/ingestion/data-sets/${readings}/records`;
    const cases: [what: string, method: 'GET' | 'POST', path: string, body: unknown, status: number, code: string, says: string][] = [
      ['an unknown field of a body', 'POST', predictions, { records: [reading], mode: 'fast' }, 422, 'invalid-request', 'unknown field \\"mode\\"'],
      ['a value of the wrong type', 'POST', records, { records: 'all' }, 422, 'invalid-request', '/records'],
      ['broken JSON', 'POST', records, '{"records":[', 400, 'unreadable-body', 'not JSON'],
      ['an unknown query parameter', 'GET', `/api/ingestion/data-sets/${readings}/versions?limt=3`, undefined, 422, 'invalid-request', 'limt'],
      ['a record of 2 MB', 'POST', records, { records: [{ ...reading, product: 'x'.repeat(2_000_000) }] }, 413, 'payload-too-large', 'at most'],
      ['a body of 20 MB', 'POST', records, { records: [{ ...reading, product: 'x'.repeat(20_000_000) }] }, 413, 'payload-too-large', '16777216'],
      ['an unknown data set', 'POST', '/api/ingestion/data-sets/default/nothing/records', { records: [reading] }, 404, 'data-set-not-found', 'default/nothing'],
      ['a name that no database can hold', 'GET', '/api/registry/pipelines/default/a%00b', undefined, 422, 'unstorable-value', 'character'],
      ['a number that no database can hold', 'GET', `/api/registry/model-versions/${pipeline}/99999999999`, undefined, 422, 'unstorable-value', 'number'],
      ['a path that is not UTF-8', 'GET', '/api/registry/pipelines/default/%ff', undefined, 400, 'unreadable-address', '%ff'],
      ['a path that climbs', 'GET', '/api/ingestion/data-sets/default/..%2f..%2fsecrets', undefined, 404, 'data-set-not-found', 'secrets'],
      ['an unknown service', 'GET', '/api/nothing/pipelines', undefined, 404, 'route-not-found', 'nothing'],
      ['a model that nobody serves', 'POST', '/api/inference/predictions/default/nothing', { records: [reading] }, 404, 'model-not-served', 'default/nothing'],
      ['a prediction with a missing feature', 'POST', predictions, { records: [{ ...reading, load_ratio: undefined }] }, 422, 'invalid-features', '\\"load_ratio\\" is missing'],
      ['a prediction with an unknown feature', 'POST', predictions, { records: [{ ...reading, colour: 'red' }] }, 422, 'invalid-features', 'colour'],
      ['a prediction with a text for a number', 'POST', predictions, { records: [{ ...reading, temperature_c: 'hot' }] }, 422, 'invalid-features', '\\"temperature_c\\" takes a number'],
      ['a prediction with NaN', 'POST', predictions, `{"records":[${JSON.stringify(reading).replace('70', 'NaN')}]}`, 400, 'unreadable-body', 'NaN'],
      ['a prediction with a number beyond all', 'POST', predictions, `{"records":[${JSON.stringify(reading).replace('70', '1e400')}]}`, 422, 'invalid-features', 'Infinity'],
      ['a prediction with a number beyond sense', 'POST', predictions, { records: [{ ...reading, temperature_c: 1e308 }] }, 422, 'invalid-features', '1e+308'],
      ['a prediction that the model cannot make', 'POST', predictions, { records: [{ ...reading, temperature_c: 1e100 }] }, 422, 'no-score', 'record 0'],
    ];
    it.each(cases)('answers %s with a problem document', async (_, method, path, body, status, code, says) => {
      const answer = method === 'GET' ? await admin.get(path) : await admin.post(path, body);
      expectProblem(answer, status, code);
      expect(JSON.stringify(answer.body)).toContain(says);
    }, 20_000);

    it('asks for a token, and says how', async () => {
      for (const token of [undefined, 'mr_0000000000000000000000000000000000000000000', 'no.such.jwt']) {
        const answer = await new Asker(platform.urls.gateway, token).get('/api/registry/pipelines');
        expectProblem(answer, 401, 'unauthenticated');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expectProblem(await new Asker(platform.urls.registry, token).get('/pipelines'), 401, 'unauthenticated');
      }
    });

    it('names the role that the caller lacks', async () => {
      const { body } = await admin.post('/api/governance/tokens', { subject: 'user:visitor', roles: ['viewer'] });
      const visitor = new Asker(platform.urls.gateway, String(body.secret));
      expect(await visitor.get('/api/registry/pipelines')).toMatchObject({ status: 200 });
      const answer = await visitor.post(predictions, { records: [reading] });
      expectProblem(answer, 403, 'role-required');
      expect(answer.body.detail).toContain('predictor');
    });
  });

  describe('over the Open Inference Protocol', () => {
    const tensor = (name: string, datatype: string, shape: number[], data: unknown[]): object => ({ name, datatype, shape, data });
    const texts = Array.from({ length: 10_001 }, (_, row) => `r-${row}`);
    const cases: [what: string, inputs: object[], status: number, says: string][] = [
      ['a missing feature', [tensor('reading_id', 'BYTES', [1], ['r-1'])], 422, 'is missing'],
      ['an unknown input', [tensor('colour', 'BYTES', [1], ['red'])], 422, 'is missing'],
      ['the wrong datatype', [tensor('temperature_c', 'BYTES', [1], ['hot'])], 422, 'is BYTES, takes FP64'],
      ['different numbers of rows', [tensor('reading_id', 'BYTES', [2], ['a', 'b']), tensor('temperature_c', 'FP64', [1], [70])], 422, 'has 1 rows, the first input has 2'],
      ['an input twice', [tensor('reading_id', 'BYTES', [1], ['a']), tensor('reading_id', 'BYTES', [1], ['b'])], 422, 'comes twice'],
      ['a shape without data', [tensor('temperature_c', 'FP64', [4_000_000_000], [70])], 422, 'has [4000000000] and 1'],
      ['too many rows', [tensor('reading_id', 'BYTES', [texts.length], texts)], 413, '10001 rows'],
      ['no inputs', [], 422, 'inputs'],
    ];
    it.each(cases)('answers %s with the error of the protocol', async (_, inputs, status, says) => {
      const answer = await infer(inputs);
      expect(answer).toMatchObject({ status, body: { error: expect.stringContaining(says) } });
    });

    it('answers an unknown model, a wrong address and broken JSON with the error of the protocol', async () => {
      expect(await admin.get('/v2/models/nothing')).toMatchObject({ status: 404, body: { error: 'No version of default/nothing is served', code: 'model-not-served' } });
      expect(await admin.get('/v2/nothing')).toMatchObject({ status: 404, body: { error: expect.any(String) } });
      expect(await admin.post('/v2/models/machine-wear/infer', '{')).toMatchObject({ status: 400, body: { error: expect.stringContaining('not JSON') } });
      expect(await new Asker(platform.urls.gateway).get('/v2/models/machine-wear')).toMatchObject({ status: 401, body: { error: expect.any(String) } });
    });

    it('goes on answering', async () => {
      expect(await admin.post(`/api/inference/predictions/${pipeline}`, { records: [reading] })).toMatchObject({ status: 200, body: { predictions: [{ key: 'r-1' }] } });
    });
  });

  it('answers a wrong call of the MLflow API in its own words', async () => {
    expect(await admin.post('/mlflow/api/2.0/mlflow/runs/create', '{')).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    expect(await admin.get('/mlflow/api/2.0/mlflow/runs/get?run_id=nothing')).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
  });

  it('names every mistake of a pipeline file at once, with line and path, and applies nothing', async () => {
    const file = join(home, 'misspelled.yaml');
    writeFileSync(file, 'pipeline: misspelled\ndataSets:\n  things:\n    key: id\n    evenTime: at\n    columns: { id: string, at: timestmp }\ntrainning: { command: [python3, train.py] }\n');
    const { code, out } = await cli('apply', '-f', file);
    expect(code).toBe(1);
    for (const line of ['5:5  dataSets.things.evenTime: There is no field "evenTime" here; did you mean "eventTime"?', '6:32  dataSets.things.columns.at:', '7:1  trainning:']) expect(out).toContain(`misspelled.yaml:${line}`);
    writeFileSync(file, 'pipeline: [misspelled\n');
    expect(await cli('apply', '-f', file)).toMatchObject({ code: 1, out: expect.stringMatching(/misspelled\.yaml:2:1 .*not YAML/) });
    expectProblem(await admin.get('/api/registry/pipelines/default/misspelled'), 404, 'pipeline-not-found');
  });

  it('sets bad records aside, each with its reason, and publishes the good ones around them', async () => {
    const before = await dataSet();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const bad: [code: string, key: string | null, value: string | Buffer | null][] = [
      ['invalid-json', 'broken', '{"reading_id":'],
      ['invalid-json', 'bytes', Buffer.from([0xff, 0x00, 0xfe])],
      ['not-an-object', 'list', deep],
      ['empty-record', 'nothing', null],
      ['missing-key', null, JSON.stringify({ ...reading, reading_id: 'no-key' })],
      ['key-mismatch', 'another', JSON.stringify(reading)],
      ['unknown-field', 'field', JSON.stringify({ ...reading, reading_id: 'field', colour: 'red' })],
      ['missing-column', 'column', JSON.stringify({ ...reading, reading_id: 'column', load_ratio: undefined })],
      ['wrong-type', 'type', JSON.stringify({ ...reading, reading_id: 'type', temperature_c: '70' })],
      ['wrong-type', 'nested', `{"reading_id":${deep}}`],
      ['not-allowed', 'product', JSON.stringify({ ...reading, reading_id: 'product', product: 'cog' })],
      ['out-of-range', 'range', JSON.stringify({ ...reading, reading_id: 'range', load_ratio: 3 })],
      ['number-too-large', 'large', JSON.stringify({ ...reading, reading_id: 'large', temperature_c: 1e308 })],
      ['zero-character', 'zero', JSON.stringify({ ...reading, reading_id: 'zero', machine_id: 'm\u0000' })],
      ['in-the-future', 'future', JSON.stringify({ ...reading, reading_id: 'future', event_time: '9999-01-01T00:00:00Z' })],
      ['record-too-large', 'size', JSON.stringify({ ...reading, reading_id: 'size', product: 'x'.repeat(2_000_000) })],
    ];
    const around = (name: string) => message({ ...reading, reading_id: name });
    await producer.send({ topic: readingsTopic, messages: [around('good-before'), ...bad.map(([, key, value]) => ({ key, value })), around('good-after')] });
    await eventually(async () => expect((await dataSet()).totalRows).toBe(Number(before.totalRows) + 2), 20_000);
    const { body } = await admin.get(`/api/ingestion/data-sets/${readings}/quarantine?limit=100`);
    const set = (body.records as { code: string; detail: string }[]).toReversed();
    expect(set.map(({ code }) => code)).toEqual(bad.map(([code]) => code));
    for (const { detail } of set) expect(detail.length).toBeGreaterThan(15);
    expect((await cli('quarantine', 'list', readings)).out).toContain('at most 1048576 are accepted');
  }, 40_000);

  it('leaves it to the broker to refuse what no topic takes, and the producer sees why', async () => {
    await expect(producer.send({ topic: readingsTopic, messages: [{ key: 'huge', value: 'x'.repeat(9_000_000) }] })).rejects.toThrow(/larger than the max message size/);
  }, 20_000);

  describe('on a lifecycle topic', () => {
    const incident = (name: string) => ({
      pipeline, modelVersion: 1, incident: `default/inc-${name}`, diagnosis: 'data-incident', changePoint: '2026-01-11T00:00:00Z', window: { from: '2026-01-11T00:00:00Z', to: '2026-01-12T00:00:00Z' },
      columns: [], because: [{ check: 'rows', passed: false, measured: 0, bound: 240 }],
    });
    const headers = (id: string): Record<string, string> => ({
      ce_specversion: '1.0', ce_id: id, ce_source: '/millrace/monitoring', ce_type: driftType, ce_time: new Date().toISOString(), ce_subject: pipeline, ce_project: 'default', ce_actor: 'service:monitoring', ce_correlationid: id,
      'content-type': 'application/json',
    });
    const letters = async (): Promise<DeadLetter[]> => (await admin.get('/api/training/dead-letters')).body.deadLetters as DeadLetter[];

    it('ignores fields and headers it does not know, after events that cannot be handled became dead letters with their reason', async () => {
      const extended = { ...incident('extended'), confidence: 0.9, columns: [{ column: 'load_ratio', distance: 1, threshold: 0.1, share: 1, unit: 'ratio' }] };
      await producer.send({
        topic: driftTopic,
        messages: [
          { key: pipeline, value: '{"pipeline":', headers: headers('bad-json') },
          { key: pipeline, value: JSON.stringify({ ...incident('typed'), modelVersion: 'one' }), headers: headers('bad-type') },
          { key: pipeline, value: JSON.stringify({ ...incident('zero'), incident: 'default/inc-\u0000' }), headers: headers('bad-text') },
          { key: 'default/\u0000', value: JSON.stringify(incident('key')), headers: headers('bad-key') },
          { key: null, value: 'hello' },
          { key: pipeline, value: JSON.stringify(extended), headers: { ...headers('extended'), ce_future: 'yes' } },
        ],
      });
      await eventually(async () => {
        const { body } = await admin.get(`/api/training/pipelines/${pipeline}/holds`);
        expect((body.holds as { incident: string }[]).map((hold) => hold.incident)).toContain('default/inc-extended');
      }, 20_000);
      const reasons = (await letters()).map(({ because }) => `${because.code}: ${because.detail}`).sort();
      expect(reasons).toEqual([
        'invalid-event: The data is not JSON',
        'invalid-event: The header ce_type is missing',
        'invalid-event: key holds the character U+0000',
        expect.stringMatching(/^invalid-event: .*\/modelVersion/),
        expect.stringContaining('unstorable-value: '),
      ]);
    }, 40_000);

    it('tries a dead letter again when asked, over HTTP and by the command line, and drops it', async () => {
      const letter = (await letters()).find(({ eventId }) => eventId === 'bad-json')!;
      expect(await admin.post(`/api/training/dead-letters/${letter.id}/replays`)).toMatchObject({ status: 202 });
      const again = await eventually(async () => {
        const found = (await letters()).find(({ eventId }) => eventId === 'bad-json');
        expect(Date.parse(found!.deadAt)).toBeGreaterThan(Date.parse(letter.deadAt));
        return found!;
      }, 20_000);
      expect((await cli('dead-letters', 'list', 'training')).out).toContain('The data is not JSON');
      expect(await cli('dead-letters', 'show', 'training', again.id)).toMatchObject({ code: 0, out: expect.stringContaining('{\\"pipeline\\":') });
      expect(await cli('dead-letters', 'replay', 'training', again.id)).toMatchObject({ code: 0, out: expect.stringContaining('tried again') });
      const last = await eventually(async () => {
        const found = (await letters()).find(({ eventId }) => eventId === 'bad-json');
        expect(Date.parse(found!.deadAt)).toBeGreaterThan(Date.parse(again.deadAt));
        return found!;
      }, 20_000);
      expect(await cli('dead-letters', 'drop', last.id)).toMatchObject({ code: 1, out: expect.stringContaining('--reason') });
      expect(await cli('dead-letters', 'drop', last.id, '--reason', 'It was never JSON')).toMatchObject({ code: 0 });
      expect(await cli('dead-letters', 'show', last.id)).toMatchObject({ code: 0, out: expect.stringMatching(/"state": "dropped"[^]*"dropReason": "It was never JSON"[^]*"value": null/) });
      expect(await cli('dead-letters', 'replay', last.id)).toMatchObject({ code: 1, out: expect.stringContaining('dropped') });
    }, 120_000);
  });

  it('has stopped nothing: every service is ready and no process was started again', async () => {
    for (const [service, url] of Object.entries(platform.urls)) expect({ service, ...(await new Asker(url).get('/health/ready')) }).toMatchObject({ service, status: 200 });
    expect(await admin.post(`/api/inference/predictions/${pipeline}`, { records: [reading] })).toMatchObject({ status: 200 });
    expect(platform.parts().map(({ name, restarts }) => ({ name, restarts }))).toEqual(platform.parts().map(({ name }) => ({ name, restarts: 0 })));
  });

  it('has lost no prediction: each stands in the prediction log, a data set that any team can read, also the one without a score', async () => {
    const predictions = `/api/ingestion/data-sets/${pipeline}.predictions`;
    const { tableUrl } = await eventually(async () => {
      const { body } = await admin.get(predictions);
      expect(body).toMatchObject({ kind: 'predictions', totalRows: 3, quarantined: 0 });
      return body as { tableUrl: string };
    }, 20_000);
    const duckDb = await DuckDb.open();
    const { columns, files } = await new DeltaTable(openObjectStore(tableUrl.slice(0, tableUrl.lastIndexOf('/'))), tableUrl.slice(tableUrl.lastIndexOf('/') + 1), duckDb).snapshot();
    const rows = await duckDb.query(`SELECT key, served, model_version, score IS NULL AS unscored, f_temperature_c FROM ${relationOf(columns, files.map(({ url }) => fileURLToPath(url)))} ORDER BY predicted_at`);
    await duckDb.close();
    const served = { key: 'r-1', served: true, model_version: 1, unscored: false, f_temperature_c: 70 };
    expect(rows).toEqual([{ ...served, unscored: true, f_temperature_c: 1e100 }, served, served]);
  }, 40_000);

  async function dataSet(): Promise<Record<string, unknown>> {
    return (await admin.get(`/api/ingestion/data-sets/${readings}`)).body;
  }
});

interface DeadLetter {
  id: string;
  eventId: string;
  deadAt: string;
  because: { code: string; detail: string };
}

/** RFC 9457, with a code of contracts/errors.yaml. */
function expectProblem({ status, headers, body }: Answer, expected: number, code: string): void {
  expect({ status, code: body.code }).toEqual({ status: expected, code });
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(Object.keys(errorTable)).toContain(code);
  expect(body).toMatchObject({ type: `https://millrace.dev/problems/${code}`, title: expect.any(String), status: expected, detail: expect.any(String), instance: expect.any(String) });
}
