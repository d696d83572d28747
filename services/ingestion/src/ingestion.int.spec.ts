import type { Pipeline } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import { DeltaTable, DuckDb, openObjectStore, relationOf, writeParquet } from '@millrace/storage';
import { eventually, testEnvironment, TestKafka, testService, tokenFor } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { IngestionModule } from './ingestion.module.js';

const DATA_SET = 'default/wear';
const definition: Pipeline = (() => {
  const { pipeline, errors } = parsePipeline(`pipeline: machine-wear
dataSets:
  wear:
    key: machine
    eventTime: at
    partitions: 2
    columns: { machine: string, at: timestamp, load: { type: double, from: 0, to: 100 }, site: { type: string, optional: true } }
  outcomes:
    key: machine
    eventTime: at
    knownAt: known_at
    columns: { machine: string, at: timestamp, known_at: timestamp, wear: double }
predict: { dataSet: wear }
features:
  load: { column: load }
label: { dataSet: outcomes, column: wear, above: 5, maturesAfter: 1d }
training: { command: [python, train.py] }
`);
  if (!pipeline) throw new TypeError(JSON.stringify(errors));
  return pipeline;
})();

const reading = (machine: string, day: number, load = 50) => ({ machine, at: new Date(Date.UTC(2025, 0, day)).toISOString(), load });
const message = (record: { machine: string }) => ({ key: record.machine, value: JSON.stringify(record) });

describe('ingestion on Kafka and Postgres', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let service: TestService;
  let duckDb: DuckDb;
  const quickSegments = { MILLRACE_INGESTION_SEGMENT_LAG_MS: '100' };

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    service = await testService(IngestionModule, { name: 'ingestion', environment, env: quickSegments });
    duckDb = await DuckDb.open();
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await kafka.stop();
    await duckDb.close();
  });

  const table = (dataSet = DATA_SET) => new DeltaTable(openObjectStore(environment.objectStoreUrl), `data-sets/${dataSet}/table`, duckDb);
  async function rowsOf(version?: number, dataSet = DATA_SET): Promise<{ machine: string; load: number; _partition: number; _offset: number }[]> {
    const store = openObjectStore(environment.objectStoreUrl);
    const snapshot = await table(dataSet).snapshot(version);
    const paths = await Promise.all(snapshot.files.map((file) => store.localPath(file.url, { sizeBytes: file.sizeBytes })));
    return duckDb.query(`SELECT * FROM ${relationOf(snapshot.columns, paths)} ORDER BY machine, _offset`);
  }
  const accept = (segment: string, dataSet = DATA_SET) => kafka.sendEvents({ type: 'millrace.validation.segment.accepted.v1', data: { dataSet, segment, profile: { rows: 0, columns: {} }, checks: [] } });
  async function acceptAll(): Promise<void> {
    const { body } = await service.call('listSegments', { project: 'default', name: 'wear', limit: 1000 });
    for (const segment of body.segments) if (segment.state === 'staged') await accept(segment.segment);
  }
  /** Accepts what is staged until the data set holds a number of rows. */
  const published = (totalRows: number) => eventually(async () => {
    await acceptAll();
    expect((await service.call('getDataSet', { project: 'default', name: 'wear' })).body).toMatchObject({ totalRows, staged: 0 });
  }, 20_000);

  it('answers that its part is ready, and takes records once the pipeline is active', async () => {
    const answers = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1', 'millrace.ingestion.pipeline-part.refused.v1');
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 1, definition, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
    await eventually(() => expect(answers()).toMatchObject([{ type: 'millrace.ingestion.pipeline-part.ready.v1', data: { pipeline: 'default/machine-wear', version: 1 } }]), 20_000);
    expect(await service.call('getDataSet', { project: 'default', name: 'wear' })).toMatchObject({ status: 404, body: { code: 'data-set-not-found' } });
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } });
    const { body } = await eventually(async () => {
      const answer = await service.call('listDataSets', {});
      expect(answer.body.dataSets).toHaveLength(3);
      return answer;
    });
    expect(body.dataSets.map(({ dataSet, kind, topic }) => [dataSet, kind, topic])).toEqual([
      ['default/machine-wear.predictions', 'predictions', 'millrace.data.default.machine-wear.predictions'],
      ['default/outcomes', 'records', 'millrace.data.default.outcomes'],
      ['default/wear', 'records', 'millrace.data.default.wear'],
    ]);
  }, 40_000);

  it('refuses a second declaration of a data set', async () => {
    const other = { ...definition, id: 'default/other', name: 'other' };
    expect(await service.call('checkIngestionPart', { definition: other }, { roles: ['service'] })).toMatchObject({ body: { accepted: false } });
    const answers = await kafka.collectEvents('millrace.ingestion.pipeline-part.refused.v1');
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: other.id, version: 1, definition: other, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
    await eventually(() => expect(answers()).toMatchObject([{ data: { pipeline: 'default/other', because: expect.arrayContaining([expect.objectContaining({ passed: false, detail: 'default/wear belongs to default/machine-wear' })]) } }]), 20_000);
  }, 30_000);

  it('does not hold a data set for a pipeline that never became active', async () => {
    const [first, second] = ['abandoned', 'successor'].map((name) => ({ ...definition, id: `default/${name}`, name, dataSets: definition.dataSets.map((dataSet) => ({ ...dataSet, id: `${dataSet.id}-shared`, name: `${dataSet.name}-shared` })) }) as Pipeline);
    const answers = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1');
    for (const one of [first, second]) {
      await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: one?.id ?? '', version: 1, definition: one as Pipeline, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
      await eventually(() => expect(answers().map((event) => event.subject)).toContain(one?.id), 20_000);
    }
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: 'default/successor', version: 1, definition: second as Pipeline } });
    await eventually(async () => expect((await service.call('getDataSet', { project: 'default', name: 'wear-shared' })).body).toMatchObject({ pipeline: 'default/successor' }), 20_000);
  }, 40_000);

  it('makes a segment of good records and sets bad ones aside, each with its reason', async () => {
    const staged = await kafka.collectEvents('millrace.ingestion.segment.staged.v1');
    const quarantined = await kafka.collectEvents('millrace.ingestion.record.quarantined.v1');
    const accepted = await kafka.collect('millrace.data.default.wear.accepted');
    await kafka.sendRecords('millrace.data.default.wear', [
      { ...message(reading('m1', 1)), partition: 0 },
      { ...message(reading('m2', 2, 500)), partition: 0 },
      { ...message({ ...reading('m3', 2), colour: 'red' } as never), partition: 0 },
      { key: 'm4', value: '{"machine":', partition: 0 },
      { key: null, value: JSON.stringify(reading('m5', 2)), partition: 0 },
      { key: 'm6', value: JSON.stringify({ ...reading('m6', 2), site: 'x'.repeat(2_000_000) }), partition: 0 },
      { ...message({ ...reading('m7', 3), site: 'north' } as never), partition: 0 },
    ]);
    await eventually(() => expect(staged().reduce((sum, event) => sum + (event.data as { rows: number; quarantined: number }).rows + (event.data as { quarantined: number }).quarantined, 0)).toBe(7), 20_000);
    await eventually(() => expect(accepted).toHaveLength(2));
    expect(accepted.map(({ key, value, headers }) => [key, JSON.parse(String(value)), headers['mr-source-offset'], headers['mr-known-at']])).toEqual([
      ['m1', { machine: 'm1', at: '2025-01-01T00:00:00.000Z', load: 50 }, '0', '2025-01-01T00:00:00.000Z'],
      ['m7', { machine: 'm7', at: '2025-01-03T00:00:00.000Z', load: 50, site: 'north' }, '6', '2025-01-03T00:00:00.000Z'],
    ]);
    const { body } = await service.call('listQuarantine', { project: 'default', name: 'wear', limit: 100, replayed: false });
    expect(body.records.map(({ offset, code, isCut }) => [offset, code, isCut]).reverse()).toEqual([
      [1, 'out-of-range', false], [2, 'unknown-field', false], [3, 'invalid-json', false], [4, 'missing-key', false], [5, 'record-too-large', true],
    ]);
    await eventually(() => expect(quarantined().flatMap((event) => (event.data as { reasons: { code: string }[] }).reasons.map((reason) => reason.code)).sort()).toEqual(['invalid-json', 'missing-key', 'out-of-range', 'record-too-large', 'unknown-field']));
    expect(staged()[0]?.data).toMatchObject({ dataSet: DATA_SET, partition: 0, fromOffset: 0, minEventTime: '2025-01-01T00:00:00.000Z' });
  }, 40_000);

  it('publishes a version when validation accepts, with days, offsets and watermark', async () => {
    const versions = await kafka.collectEvents('millrace.ingestion.data-set.version-published.v1');
    await published(2);
    await eventually(() => expect(versions().reduce((sum, event) => sum + (event.data as { rows: number }).rows, 0)).toBe(2));
    expect(versions().at(-1)?.data).toMatchObject({ dataSet: DATA_SET, pipeline: 'default/machine-wear', kind: 'records', totalRows: 2, watermark: '2025-01-03T00:00:00.000Z', offsets: [{ partition: 0, offset: 6 }] });
    expect((await rowsOf()).map(({ machine, _partition, _offset }) => [machine, _partition, _offset])).toEqual([['m1', 0, 0], ['m7', 0, 6]]);
    expect((await table().snapshot()).transactions.get('default/wear/0')).toBe(6);
  }, 30_000);

  it('publishes segments of a partition in offset order, and a rejected one only moves the position', async () => {
    const staged = async (count: number) => eventually(async () => {
      const { body } = await service.call('listSegments', { project: 'default', name: 'wear', limit: 1000 });
      const open = body.segments.filter((segment) => segment.state === 'staged').sort((a, b) => a.fromOffset - b.fromOffset);
      expect(open).toHaveLength(count);
      return open;
    });
    for (const machine of ['m10', 'm11', 'm12']) {
      await kafka.sendRecords('millrace.data.default.wear', [{ ...message(reading(machine, 4)), partition: 0 }]);
      await staged(['m10', 'm11', 'm12'].indexOf(machine) + 1);
    }
    const [first, second, third] = await staged(3);
    const before = (await service.call('getDataSet', { project: 'default', name: 'wear' })).body.version;
    await accept(third?.segment ?? '');
    await kafka.sendEvents({ type: 'millrace.validation.segment.rejected.v1', data: { dataSet: DATA_SET, segment: second?.segment ?? '', because: [{ check: 'rows', passed: false }] } });
    await kafka.caughtUp('millrace.ingestion', 'millrace.validation.segment');
    expect((await service.call('getDataSet', { project: 'default', name: 'wear' })).body.version).toBe(before);
    await accept(first?.segment ?? '');
    await eventually(async () => expect((await rowsOf()).map((row) => row.machine)).toEqual(['m1', 'm10', 'm12', 'm7']), 20_000);
    await eventually(async () => expect((await service.call('getDataSet', { project: 'default', name: 'wear' })).body).toMatchObject({ staged: 0, totalRows: 4 }));
  }, 40_000);

  it('shows operators what waits', async () => {
    const { body } = await service.request('GET', '/metrics');
    expect(body).toMatch(/^millrace_ingestion_waiting_segments \d+$/m);
    expect(body).toMatch(/^millrace_ingestion_quarantined_records 5$/m);
  });

  it('takes quarantined records up again when they are sent again', async () => {
    const { body } = await service.call('replayQuarantine', { project: 'default', name: 'wear', code: 'missing-key' }, { roles: ['operator'] });
    expect(body).toEqual({ replayed: 1, skipped: 0 });
    const { body: rest } = await eventually(async () => {
      const answer = await service.call('listQuarantine', { project: 'default', name: 'wear', limit: 100, replayed: false, code: 'missing-key' });
      expect(answer.body.records).toHaveLength(1);
      return answer;
    });
    expect(rest.records[0]).toMatchObject({ code: 'missing-key', replayedAt: null });
    expect((await service.call('replayQuarantine', { project: 'default', name: 'wear', code: 'record-too-large' })).body).toEqual({ replayed: 0, skipped: 1 });
  }, 20_000);

  it('reads CloudEvents beside plain records, and a broken one can be sent again as it came', async () => {
    const envelope = { specversion: '1.0', id: 'e1', source: '/plant/7', type: 'reading' };
    const headersOf = (attributes: object) => Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]));
    const accepted = await kafka.collect('millrace.data.default.wear.accepted');
    await kafka.sendRecords('millrace.data.default.wear', [
      { ...message(reading('b1', 3)), headers: headersOf(envelope), partition: 1 },
      { key: 'b2', value: JSON.stringify({ ...envelope, data: reading('b2', 3) }), headers: { 'content-type': 'application/cloudevents+json' }, partition: 1 },
      { ...message(reading('b3', 3)), headers: headersOf({ ...envelope, specversion: '0.3' }), partition: 1 },
    ]);
    await eventually(() => expect(accepted.map(({ key }) => key)).toEqual(expect.arrayContaining(['b1', 'b2'])), 20_000);
    const refused = (replayed: (string | null)[]) => eventually(async () => {
      const { body } = await service.call('listQuarantine', { project: 'default', name: 'wear', limit: 100, code: 'unsupported-specversion', replayed: true });
      expect(body.records.map(({ key, replayedAt }) => [key, replayedAt])).toEqual(replayed.map((at) => ['b3', at]));
    }, 20_000);
    await refused([null]);
    expect((await service.call('replayQuarantine', { project: 'default', name: 'wear', code: 'unsupported-specversion' })).body).toEqual({ replayed: 1, skipped: 0 });
    await refused([null, expect.any(String) as unknown as string]);
    expect(accepted.map(({ key }) => key)).not.toContain('b3');
    await published(6);
  }, 40_000);

  it('takes records over HTTP under the key of the data set', async () => {
    const answer = await service.call('ingestRecords', { project: 'default', name: 'wear', records: [reading('m20', 5), reading('m21', 5)] }, { roles: ['producer'] });
    expect(answer).toMatchObject({ status: 202, body: { records: 2 } });
    await published(8);
    expect(await service.call('ingestRecords', { project: 'default', name: 'nothing', records: [{}] })).toMatchObject({ status: 404, body: { code: 'data-set-not-found' } });
    expect(await service.request('POST', '/data-sets/default/wear/records', { records: [] })).toMatchObject({ status: 422 });
    expect(await service.call('ingestRecords', { project: 'default', name: 'wear', records: [reading('m1', 1)] }, { roles: ['viewer'] })).toMatchObject({ status: 403 });
  }, 30_000);

  async function upload(path: string, type: string) {
    const response = await fetch(`${service.url}/data-sets/default/wear/files`, {
      method: 'POST', body: createReadStream(path), duplex: 'half',
      headers: { authorization: `Bearer ${await tokenFor(environment, ['producer'])}`, 'content-type': type },
    } as object);
    return { status: response.status, body: (await response.json()) as { file: string; code: string } };
  }
  const loaded = (file: string, state: string) => eventually(async () => {
    const { body } = await service.call('getFile', { project: 'default', name: 'wear', file: file.split('/')[1] ?? '' });
    expect(body).toMatchObject({ state });
    return body;
  }, 20_000);

  it('loads a Parquet file through the topic, row by row once', async () => {
    const path = join(environment.home, 'wear.parquet');
    const columns = [{ name: 'machine', type: 'string' }, { name: 'at', type: 'timestamp' }, { name: 'load', type: 'double' }] as const;
    await writeParquet(duckDb, path, columns, Array.from({ length: 12_000 }, (_, row) => reading(`p${row}`, 1 + (row % 20))));
    const received = await upload(path, 'application/vnd.apache.parquet');
    expect(received.status).toBe(202);
    expect(await loaded(received.body.file, 'done')).toMatchObject({ rowsDone: 12_000 });
    await published(12_008);
    await kafka.sendRecords('millrace.data.default.wear', [{ ...message(reading('p5', 6)), headers: { 'mr-file': received.body.file, 'mr-row': '6' }, partition: 0 }, { ...message(reading('m30', 6)), partition: 0 }]);
    await published(12_009);
  }, 60_000);

  it('says in one sentence what is wrong with a file', async () => {
    const path = join(environment.home, 'wrong.parquet');
    await writeParquet(duckDb, path, [{ name: 'machine', type: 'string' }, { name: 'speed', type: 'double' }], [{ machine: 'm1', speed: 1 }]);
    const received = await upload(path, 'application/vnd.apache.parquet');
    expect((await loaded(received.body.file, 'failed')).problem).toBe('The file has unknown columns (speed) and lacks columns (at, load); default/wear has machine, at, load, site');
    expect((await upload(path, 'image/png'))).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
  }, 30_000);

  it('goes on at the position in its database after a stop, and publishes every record once', async () => {
    await service.stop();
    await kafka.sendRecords('millrace.data.default.wear', [0, 1].flatMap((partition) => [1, 2, 3].map((n) => ({ ...message(reading(`s${partition}${n}`, 7)), partition }))));
    service = await testService(IngestionModule, { name: 'ingestion', environment, env: quickSegments });
    await published(12_015);
    const rows = await rowsOf();
    expect(new Set(rows.map((row) => `${row._partition}/${row._offset}`)).size).toBe(12_015);
  }, 60_000);

  it('makes a version once although it died between the commit to the table and its own record of it', async () => {
    const [before, snapshot] = [await rowsOf(), await table().snapshot()];
    await service.stop();
    await environment.query(`update ingestion.publications set published_at = null, version = null where data_set = $1 and version = $2`, [DATA_SET, snapshot.version]);
    await environment.query(`update ingestion.segments set state = 'accepted', version = null where data_set = $1 and version = $2`, [DATA_SET, snapshot.version]);
    service = await testService(IngestionModule, { name: 'ingestion', environment, env: quickSegments });
    await eventually(async () => expect(await environment.query('select 1 from ingestion.publications where published_at is null')).toEqual([]), 20_000);
    expect(await rowsOf()).toEqual(before);
    expect((await service.call('listDataSetVersions', { project: 'default', name: 'wear', limit: 1 })).body.versions).toMatchObject([{ version: snapshot.version, totalRows: before.length }]);
  }, 60_000);

  it('takes out what came after a version, and says so', async () => {
    const versions = await kafka.collectEvents('millrace.ingestion.data-set.version-published.v1');
    const { body } = await service.call('listDataSetVersions', { project: 'default', name: 'wear', limit: 1000 });
    const [newest, older] = body.versions;
    const answer = await service.call('revertDataSet', { project: 'default', name: 'wear', toVersion: older?.version ?? 0, reason: 'broken feed' }, { roles: ['operator'] });
    // In any order: segments may be staged at the same moment.
    const segments = newest?.segments ?? [];
    const removed = expect.arrayContaining(segments) as unknown;
    expect(answer).toMatchObject({ status: 202, body: { segments: removed } });
    expect(answer.body.segments).toHaveLength(segments.length);
    await eventually(() => expect(versions().at(-1)?.data).toMatchObject({ version: (newest?.version ?? 0) + 1, rows: 0, totalRows: older?.totalRows, removedSegments: removed }), 20_000);
    expect(await service.call('revertDataSet', { project: 'default', name: 'wear', toVersion: 99_999, reason: 'x' })).toMatchObject({ status: 422, body: { code: 'invalid-revert' } });
  }, 30_000);
});
