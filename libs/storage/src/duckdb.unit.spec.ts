import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column } from './column.js';
import { DuckDb } from './duckdb.js';
import { sqlIdentifier, sqlLiteral } from './sql-quoting.js';
import { writeParquet } from './write-parquet.js';

const columns: Column[] = [
  { name: 'id', type: 'string', nullable: false },
  { name: 'delay', type: 'double' },
  { name: 'seats', type: 'long' },
  { name: 'late', type: 'boolean' },
  { name: 'departed', type: 'timestamp' },
];

describe('DuckDB sessions', () => {
  let duckDb: DuckDb;
  let folder: string;
  beforeAll(async () => {
    duckDb = await DuckDb.open({ memoryLimitMegabytes: 256 });
    folder = await mkdtemp(join(tmpdir(), 'millrace-parquet-'));
  });
  afterAll(async () => {
    await duckDb.close();
    await rm(folder, { recursive: true });
  });

  it('hands values over in the documented types', async () => {
    const rows = await duckDb.query("SELECT 5::BIGINT AS b, 9007199254740993::BIGINT AS big, 1.25::DECIMAL(9, 2) AS d, TIMESTAMPTZ '2001-01-31 01:00:00+01' AS t, DATE '2001-02-03' AS day, MAP {'k': 1} AS m, [1, 2] AS l, {'x': 1::BIGINT} AS s, 'NaN'::DOUBLE AS nan, NULL AS n");
    expect(rows).toEqual([{ b: 5, big: 9007199254740993n, d: 1.25, t: new Date('2001-01-31T00:00:00Z'), day: '2001-02-03', m: { k: 1 }, l: [1, 2], s: { x: 1 }, nan: Number.NaN, n: null }]);
  });

  it('takes parameters by position and by name', async () => {
    expect(await duckDb.query('SELECT $1 || $2 AS joined', ['a', "'; DROP TABLE x; --"])).toEqual([{ joined: "a'; DROP TABLE x; --" }]);
    expect(await duckDb.query('SELECT $at AS at, 2 = ANY($ids) AS found', { at: new Date(5000), ids: [1, 2] })).toEqual([{ at: new Date(5000), found: true }]);
  });

  it('works in UTC whatever the machine says', async () => {
    expect(await duckDb.query("SELECT hour(TIMESTAMPTZ '2001-06-01 23:30:00+00') AS hour, TIMESTAMPTZ '2001-06-01 23:30:00+00'::DATE AS day")).toEqual([{ hour: 23, day: '2001-06-01' }]);
  });

  it('quotes names and values that would break out', async () => {
    const name = 'a "strange" name';
    expect(await duckDb.query(`SELECT ${sqlLiteral("it's")} AS ${sqlIdentifier(name)}`)).toEqual([{ [name]: "it's" }]);
    expect(sqlLiteral(Number.NaN)).toBe("'NaN'::DOUBLE");
    expect(sqlLiteral(['a', "b'"])).toBe("['a', 'b''']");
  });

  it('streams a result of any size in portions', async () => {
    const seen = await duckDb.session(async (session) => {
      let sum = 0;
      for await (const rows of session.stream<{ n: number }>('SELECT range AS n FROM range(100000)')) for (const { n } of rows) sum += n;
      return sum;
    });
    expect(seen).toBe(4999950000);
  });

  it('says what failed in a query', async () => {
    await expect(duckDb.query('SELECT nonsense FROM nowhere')).rejects.toMatchObject({ code: 'query-failed' });
  });

  it('tells files that cannot be read now from a query that is wrong', async () => {
    await expect(duckDb.query(`SELECT * FROM read_parquet(['/dev/null/segment.parquet'])`)).rejects.toMatchObject({ code: 'object-store-unavailable' });
  });

  it('spills beyond its memory limit instead of growing', async () => {
    const small = await DuckDb.open({ memoryLimitMegabytes: 64 });
    const [row] = await small.query<{ n: number }>('SELECT count(*) AS n FROM (SELECT range AS a, hash(range) AS b FROM range(3000000) ORDER BY b)');
    expect(row?.n).toBe(3000000);
    await small.close();
  });

  it('writes rows with declared types to Parquet and measures them', async () => {
    const path = join(folder, 'rows.parquet');
    const written = await writeParquet(duckDb, path, columns, [
      { id: 'a', delay: 1.5, seats: 100, late: false, departed: '2001-01-01T10:00:00.250Z', surplus: 'is left out' },
      { id: 'b', delay: null, seats: 2n ** 60n, late: true, departed: Date.UTC(2001, 0, 2) },
      { id: 'c', delay: Number.NaN, departed: new Date(0) },
    ]);
    expect(written).toMatchObject({ rowCount: 3 });
    expect(written.statistics).toEqual({
      numRecords: 3,
      minValues: { id: 'a', delay: 1.5, departed: '1970-01-01T00:00:00.000Z' },
      maxValues: { id: 'c', delay: 1.5, departed: '2001-01-02T00:00:00.000Z' },
      nullCount: { id: 0, delay: 1, seats: 1, late: 1, departed: 0 },
    });
    expect(await duckDb.query(`SELECT * FROM ${sqlLiteral(path)}`)).toEqual([
      { id: 'a', delay: 1.5, seats: 100, late: false, departed: new Date('2001-01-01T10:00:00.250Z') },
      { id: 'b', delay: null, seats: 2n ** 60n, late: true, departed: new Date('2001-01-02T00:00:00Z') },
      { id: 'c', delay: Number.NaN, seats: null, late: null, departed: new Date(0) },
    ]);
  });

  it('writes more rows than one chunk, from an asynchronous source', async () => {
    async function* rows() { for (let n = 0; n < 5000; n += 1) yield { id: `r${n}`, seats: n }; }
    const written = await writeParquet(duckDb, join(folder, 'many.parquet'), columns, rows());
    expect(written.rowCount).toBe(5000);
    expect(written.statistics.maxValues['seats']).toBe(4999);
  });

  it.each([
    [{ id: null }, 'Column "id" must not be null'],
    [{ id: 'a', delay: '1.5' }, 'Column "delay" takes a number, not "1.5"'],
    [{ id: 'a', seats: 1.5 }, 'Column "seats" takes a whole number, not 1.5'],
    [{ id: 'a', departed: 'yesterday' }, 'Column "departed" takes a Date, milliseconds since 1970 or an ISO 8601 time with zone, not "yesterday"'],
    [{ id: 'a', departed: '2001-01-01T10:00:00' }, 'Column "departed" takes a Date, milliseconds since 1970 or an ISO 8601 time with zone, not "2001-01-01T10:00:00"'],
  ])('refuses the row %j', async (row, detail) => {
    await expect(writeParquet(duckDb, join(folder, 'bad.parquet'), columns, [row])).rejects.toMatchObject({ code: 'invalid-column-value', detail });
  });

  it('cuts long strings in statistics so that the bounds still hold', async () => {
    const written = await writeParquet(duckDb, join(folder, 'long.parquet'), [{ name: 's', type: 'string' }], [{ s: 'x'.repeat(100) }]);
    expect(written.statistics.minValues['s']).toBe('x'.repeat(32));
    expect(String(written.statistics.maxValues['s']) > 'x'.repeat(100)).toBe(true);
  });
});
