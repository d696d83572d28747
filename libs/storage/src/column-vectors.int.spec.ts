import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column } from './column.js';
import { ColumnVectors } from './column-vectors.js';
import { DuckDb } from './duckdb.js';
import { parquetOfVectors } from './parquet/parquet-of-vectors.js';
import { writeParquet } from './write-parquet.js';

const columns: Column[] = [
  { name: 'name', type: 'string' },
  { name: 'load', type: 'double' },
  { name: 'count', type: 'long' },
  { name: 'isOn', type: 'boolean' },
  { name: 'at', type: 'timestamp' },
  { name: 'always', type: 'long' },
  ...Array.from({ length: 12 }, (_, index): Column => ({ name: `never_${index}`, type: 'double' })),
];
const rowOf = (index: number) => ({
  name: index % 7 === 0 ? null : index % 17 === 0 ? '' : `Zürich ${'x'.repeat(index % 500 === 1 ? 200 : index % 20)}${index}`,
  load: index % 5 === 0 ? null : index / 8,
  count: index % 3 === 0 ? null : index % 97 === 1 ? Number.MAX_SAFE_INTEGER : -index * 2 ** 30,
  isOn: index % 11 === 0 ? null : index % 2 === 0,
  at: index % 13 === 0 ? null : new Date(Date.UTC(index % 89 === 1 ? 2250 : index % 83 === 1 ? 1 : 2025, 0, 1) + index),
  always: index,
});

test('rows that are gathered by column become the same file as rows that come as objects', async () => {
  const [duckDb, folder] = [await DuckDb.open(), await mkdtemp(join(tmpdir(), 'millrace-vectors-'))];
  try {
    const rows = Array.from({ length: 21_000 }, (_, index) => rowOf(index));
    const vectors = new ColumnVectors(columns);
    rows.forEach((row, index) => {
      if (index % 2 === 0) return vectors.push(row);
      // A row that was begun and given up leaves nothing behind.
      vectors.putText(0, Buffer.from('given up'), 0, 8);
      const bytes = Buffer.from(`<${row.name ?? ''}>`);
      if (row.name === null) vectors.putNull(0);
      else vectors.putText(0, bytes, 1, bytes.length - 1);
      [row.load, row.count, row.isOn === null ? null : Number(row.isOn), row.at === null ? null : row.at.getTime(), row.always, ...Array.from({ length: 12 }, () => null)].forEach((value, place) => (value === null ? vectors.putNull(place + 1) : vectors.putNumber(place + 1, value)));
      vectors.endRow();
    });
    const [path, tailPath] = [join(folder, 'vectors.parquet'), join(folder, 'tail.parquet')];
    const { bytes, statistics } = await parquetOfVectors(vectors);
    await writeFile(path, bytes);
    const expected = await writeParquet(duckDb, join(folder, 'rows.parquet'), columns, rows);
    expect(statistics).toEqual(expected.statistics);
    const [read, readExpected] = [`SELECT * FROM read_parquet('${path}')`, `SELECT * FROM read_parquet('${expected.path}')`];
    expect(await duckDb.query(`DESCRIBE ${read}`)).toEqual(await duckDb.query(`DESCRIBE ${readExpected}`));
    expect(await duckDb.query(`(${read} EXCEPT ALL ${readExpected}) UNION ALL (${readExpected} EXCEPT ALL ${read})`)).toEqual([]);
    expect(await duckDb.query(`${read} LIMIT 40`)).toEqual(await duckDb.query(`${readExpected} LIMIT 40`));
    await writeFile(tailPath, (await parquetOfVectors(vectors, rows.length - 10)).bytes);
    expect(await duckDb.query(`SELECT name FROM read_parquet('${tailPath}')`)).toEqual(rows.slice(-10).map(({ name }) => ({ name })));
  } finally {
    await duckDb.close();
  }
});
