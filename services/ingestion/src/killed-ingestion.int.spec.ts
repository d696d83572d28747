import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Pipeline } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import { DeltaTable, DuckDb, openObjectStore, relationOf } from '@millrace/storage';
import { eventually, testEnvironment, TestKafka } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';

const definition = ((): Pipeline => {
  const { pipeline, errors } = parsePipeline(`pipeline: machine-wear
dataSets:
  wear:
    key: machine
    eventTime: at
    partitions: 2
    columns: { machine: string, at: timestamp, load: double }
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

const KILLS = 4;
const RECORDS = 16_000;

/** Ingestion and validation as processes of their own, of which one is killed again and again while records flow. */
describe('ingestion that is killed', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let validation: ChildProcess;
  let ingestion: ChildProcess;
  const sources = join(import.meta.dirname, '../../../libs/testing/typescript-sources.mjs');
  const start = (service: 'ingestion' | 'validation'): ChildProcess =>
    fork(join(import.meta.dirname, `../../${service}/src/main.ts`), {
      execArgv: ['--import', sources],
      env: { PATH: process.env['PATH'], ...environment.envOf(service), MILLRACE_INGESTION_SEGMENT_LAG_MS: '100', MILLRACE_INGESTION_SEGMENT_ROWS: '400' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  const rowCount = async (): Promise<number> => {
    const [row] = await environment.query<{ n: number }>(`select coalesce(sum(total_rows), 0)::int as n from ingestion.data_sets where data_set = 'default/wear'`).catch(() => []);
    return row?.n ?? 0;
  };

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    [ingestion, validation] = [start('ingestion'), start('validation')];
    const ready = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1', 'millrace.validation.pipeline-part.ready.v1', 'millrace.ingestion.data-set.version-published.v1', 'millrace.ingestion.record.quarantined.v1');
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 1, definition, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
    await eventually(() => expect(ready()).toHaveLength(2), 60_000);
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } });
  }, 180_000);
  afterAll(async () => {
    for (const child of [ingestion, validation]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await kafka.stop();
  });

  it('publishes every record once, whenever it dies', async () => {
    for (let sent = 0; sent < RECORDS; sent += 1000) {
      const records = Array.from({ length: 1000 }, (_, index) => ({ machine: `m${sent + index}`, at: new Date(Date.UTC(2025, 0, 1) + sent + index).toISOString(), load: index }));
      await kafka.sendRecords('millrace.data.default.wear', records.map((record) => ({ key: record.machine, value: JSON.stringify(record) })));
    }
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const before = await rowCount();
      await eventually(async () => expect(await rowCount()).toBeGreaterThan(Math.min(before, RECORDS - 1)), 60_000);
      ingestion.kill('SIGKILL');
      await once(ingestion, 'exit');
      ingestion = start('ingestion');
    }
    await eventually(async () => expect(await rowCount()).toBe(RECORDS), 90_000);
    const duckDb = await DuckDb.open();
    const store = openObjectStore(environment.objectStoreUrl);
    const snapshot = await new DeltaTable(store, 'data-sets/default/wear/table', duckDb).snapshot();
    const paths = await Promise.all(snapshot.files.map((file) => store.localPath(file.url, { sizeBytes: file.sizeBytes })));
    const [counts] = await duckDb.query(`SELECT count(*) AS rows, count(DISTINCT machine) AS machines, count(DISTINCT (_partition, _offset)) AS places FROM ${relationOf(snapshot.columns, paths)}`);
    expect(counts).toEqual({ rows: RECORDS, machines: RECORDS, places: RECORDS });
    await duckDb.close();
  }, 300_000);
});
