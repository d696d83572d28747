import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Column } from './column.js';
import { pruneFiles, relationOf } from './delta-snapshot.js';
import type { DeltaSnapshot } from './delta-snapshot.js';
import { DeltaTable } from './delta-table.js';
import type { NewDeltaFile } from './delta-table.js';
import { DuckDb } from './duckdb.js';
import type { ObjectStore } from './object-store.js';
import { objectStoresUnderTest } from './testing/object-stores-under-test.js';
import type { OpenedStore } from './testing/object-stores-under-test.js';
import { writeParquet } from './write-parquet.js';
import { putContentOfFile } from './put-content.js';

const columns: Column[] = [{ name: 'id', type: 'long', nullable: false }, { name: 'origin', type: 'string' }, { name: 'at', type: 'timestamp' }];
const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const python = [join(projectRoot, '.toolchain/python/bin/python'), process.env['MILLRACE_TEST_PYTHON'] ?? ''].find((path) => path !== '' && existsSync(path) && hasDeltaLake(path));

function hasDeltaLake(path: string): boolean {
  try {
    execFileSync(path, ['-c', 'import deltalake'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.each(objectStoresUnderTest)('a Delta table in a store of kind %s', (kind, open) => {
  let root: string;
  let opened: OpenedStore;
  let store: ObjectStore;
  let duckDb: DuckDb;
  let tableCount = 0;
  let fileCount = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace-delta-'));
    opened = await open();
    store = opened.store;
    duckDb = await DuckDb.open();
  }, 120_000);
  afterAll(async () => {
    await duckDb.close();
    await opened.close();
    await rm(root, { recursive: true });
  });

  async function newTable(): Promise<DeltaTable> {
    const table = new DeltaTable(store, `data-sets/default/t${(tableCount += 1)}`, duckDb);
    await table.create(columns, { name: 'flights' });
    return table;
  }

  async function fileOf(table: DeltaTable, ids: readonly number[]): Promise<NewDeltaFile> {
    const path = join(root, `file-${(fileCount += 1)}.parquet`);
    const written = await writeParquet(duckDb, path, columns, ids.map((id) => ({ id, origin: id % 2 ? 'ORD' : 'ATL', at: id * 1000 })));
    return { ...(await putContentOfFile(store, `${table.key}/data`, path, '.parquet')), statistics: written.statistics };
  }

  async function idsIn(snapshot: DeltaSnapshot): Promise<number[]> {
    const paths = await Promise.all(snapshot.files.map((file) => store.localPath(file.url, { sizeBytes: file.sizeBytes })));
    const rows = await duckDb.query<{ id: number }>(`SELECT id FROM ${relationOf(snapshot.columns, paths)} ORDER BY id`);
    return rows.map((row) => row.id);
  }

  it('holds what was appended, at every version', async () => {
    const table = await newTable();
    await table.commit({ operation: 'WRITE', add: [await fileOf(table, [1, 2])] });
    await table.commit({ operation: 'WRITE', add: [await fileOf(table, [3]), await fileOf(table, [4])] });
    expect(await idsIn(await table.snapshot())).toEqual([1, 2, 3, 4]);
    expect(await idsIn(await table.snapshot(1))).toEqual([1, 2]);
    expect(await idsIn(await table.snapshot(0))).toEqual([]);
    expect(await table.snapshot()).toMatchObject({ version: 2, rowCount: 4, columns });
    await expect(table.snapshot(3)).rejects.toMatchObject({ code: 'delta-version-not-found' });
  });

  it('counts the records of one Kafka partition once, however often their commit is tried', async () => {
    const table = await newTable();
    const change = { operation: 'WRITE', add: [await fileOf(table, [1])], transactions: [{ applicationId: 'default/flights/0', version: 100 }] };
    expect(await table.commit(change)).toEqual({ version: 1, isApplied: true });
    expect(await table.commit(change)).toEqual({ version: 1, isApplied: false });
    const afterRestart = new DeltaTable(store, table.key, duckDb);
    expect(await afterRestart.commit(change)).toEqual({ version: 1, isApplied: false });
    expect(await afterRestart.commit({ ...change, transactions: [{ applicationId: 'default/flights/1', version: 5 }], add: [await fileOf(table, [2])] })).toEqual({ version: 2, isApplied: true });
    expect((await table.snapshot()).transactions).toEqual(new Map([['default/flights/0', 100], ['default/flights/1', 5]]));
  });

  it('keeps every commit of racing writers, and one of those that carry the same offset', async () => {
    const table = await newTable();
    const files = await Promise.all(Array.from({ length: 12 }, (_, index) => fileOf(table, [index])));
    const writers = files.map((file, index) => new DeltaTable(store, table.key, duckDb).commit({ operation: 'WRITE', add: [file], transactions: [{ applicationId: `p${index}`, version: 1 }] }));
    const copies = Array.from({ length: 4 }, async () => new DeltaTable(store, table.key, duckDb).commit({ operation: 'WRITE', add: [await fileOf(table, [99])], transactions: [{ applicationId: 'same', version: 7 }] }));
    const done = await Promise.all([...writers, ...copies]);
    expect(done.filter((commit) => commit.isApplied)).toHaveLength(13);
    expect(await idsIn(await table.snapshot())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99]);
  });

  it('takes files out again, and names one that is not there', async () => {
    const table = await newTable();
    await table.commit({ operation: 'WRITE', add: [await fileOf(table, [1])] });
    await table.commit({ operation: 'WRITE', add: [await fileOf(table, [2])] });
    const [first] = (await table.snapshot(1)).files;
    await table.commit({ operation: 'RESTORE', remove: [first?.path ?? ''] });
    expect(await idsIn(await table.snapshot())).toEqual([2]);
    expect(await idsIn(await table.snapshot(2))).toEqual([1, 2]);
    await expect(table.commit({ operation: 'RESTORE', remove: [first?.path ?? ''] })).rejects.toMatchObject({ code: 'delta-file-not-found' });
  });

  it('reads the same from a checkpoint as from the whole log', async () => {
    const table = await newTable();
    for (let id = 1; id <= 23; id += 1) await table.commit({ operation: 'WRITE', add: [await fileOf(table, [id])], transactions: [{ applicationId: 'p0', version: id }] });
    const [gone] = (await table.snapshot(5)).files;
    await table.commit({ operation: 'RESTORE', remove: [gone?.path ?? ''] });
    expect(JSON.parse(Buffer.from(await store.get(`${table.key}/_delta_log/_last_checkpoint`)).toString())).toMatchObject({ version: 20, numOfAddFiles: 20 });
    for (let version = 0; version < 20; version += 1) await store.remove(`${table.key}/_delta_log/${String(version).padStart(20, '0')}.json`);
    const reopened = new DeltaTable(store, table.key, duckDb);
    expect(await reopened.snapshot()).toEqual(await table.snapshot());
    expect((await reopened.snapshot(21)).rowCount).toBe(21);
    expect(await reopened.commit({ operation: 'WRITE', transactions: [{ applicationId: 'p0', version: 23 }] })).toMatchObject({ isApplied: false });
  });

  it('adds columns, and reads older files with null in them', async () => {
    const table = await newTable();
    await table.commit({ operation: 'WRITE', add: [await fileOf(table, [1])] });
    await table.commit({ operation: 'ADD COLUMNS', addColumns: [{ name: 'gate', type: 'string' }] });
    const snapshot = await table.snapshot();
    const paths = await Promise.all(snapshot.files.map((file) => store.localPath(file.url)));
    expect(await duckDb.query(`SELECT id, gate FROM ${relationOf(snapshot.columns, paths)}`)).toEqual([{ id: 1, gate: null }]);
  });

  it('leaves out files whose statistics rule them out', async () => {
    const table = await newTable();
    for (const ids of [[1, 5], [6, 9], [20, 30]]) await table.commit({ operation: 'WRITE', add: [await fileOf(table, ids)] });
    const { files } = await table.snapshot();
    const rowsOf = (ranges: Parameters<typeof pruneFiles>[1]): number[] => pruneFiles(files, ranges).map((file) => Number(file.statistics?.minValues['id']));
    expect(rowsOf([{ column: 'id', from: 5, to: 6 }])).toEqual([1, 6]);
    expect(rowsOf([{ column: 'at', from: new Date(9001) }])).toEqual([6, 20]);
    expect(rowsOf([{ column: 'at', from: new Date(9002) }])).toEqual([20]);
    expect(rowsOf([{ column: 'id', to: 0 }])).toEqual([]);
    expect(rowsOf([{ column: 'origin', from: 'ORE' }])).toEqual([]);
    expect(rowsOf([{ column: 'unknown', from: 1 }])).toEqual([1, 6, 20]);
  });

  it('says that there is no table', async () => {
    const table = new DeltaTable(store, 'data-sets/default/none', duckDb);
    expect(await table.exists()).toBe(false);
    await expect(table.snapshot()).rejects.toMatchObject({ code: 'delta-table-not-found' });
    await expect(table.commit({ operation: 'WRITE' })).rejects.toMatchObject({ code: 'delta-table-not-found' });
  });

  it('refuses columns that differ only by case', async () => {
    const table = new DeltaTable(store, 'data-sets/default/twins', duckDb);
    await expect(table.create([{ name: 'a', type: 'long' }, { name: 'A', type: 'long' }])).rejects.toMatchObject({ code: 'delta-unsupported' });
  });

  (python && kind === 'file:' ? it : it.skip)('is read by Python deltalake, with and without a checkpoint', async () => {
    const table = await newTable();
    for (let id = 1; id <= 12; id += 1) await table.commit({ operation: 'WRITE', add: [await fileOf(table, [id])], transactions: [{ applicationId: 'p0', version: id }] });
    const [first] = (await table.snapshot(1)).files;
    await table.commit({ operation: 'RESTORE', remove: [first?.path ?? ''] });
    const script = `import deltalake, json, sys
now, then = deltalake.DeltaTable(sys.argv[1]), deltalake.DeltaTable(sys.argv[1], version=2)
print(json.dumps([now.version(), sorted(now.to_pyarrow_table()['id'].to_pylist()), str(now.schema().to_arrow().field('at').type) if hasattr(now.schema(), 'to_arrow') else '', sorted(then.to_pyarrow_table()['id'].to_pylist()), now.transaction_version('p0')]))`;
    const [version, ids, , older, offset] = JSON.parse(execFileSync(python ?? '', ['-c', script, fileURLToPath(store.urlOf(table.key))], { encoding: 'utf8' })) as unknown[];
    expect([version, ids, older, offset]).toEqual([13, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [1, 2], 12]);
  });
});
