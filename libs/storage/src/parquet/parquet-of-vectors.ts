import { setImmediate as giveWay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { Column, ColumnType } from '../column.js';
import type { TableStatistics } from '../column-statistics.js';
import type { ColumnVectors } from '../column-vectors.js';
import { plainPageOf } from './plain-page.js';
import { binary, bool, i32, i64, list, struct } from './thrift.js';
import type { ThriftValue } from './thrift.js';
import { addColumnStatistics } from './vector-statistics.js';

/** What a page holds; readers take them one at a time. */
const pageRows = 20_000;
const magic = Buffer.from('PAR1');
const compress = promisify(zstdCompress);
/** The quickest: a segment is written once and compacted into larger files when it matters. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

// Numbers of parquet.thrift (apache/parquet-format 2.10).
const physicalTypes: Record<ColumnType, number> = { boolean: 0, long: 2, timestamp: 2, double: 5, string: 6 };
const convertedTypes: Partial<Record<ColumnType, number>> = { string: 0, timestamp: 10 };
const [DATA_PAGE, OPTIONAL, PLAIN, RLE, ZSTD] = [0, 1, 0, 3, 6];
const empty = struct([]);
const logicalTypes: Partial<Record<ColumnType, ThriftValue>> = {
  string: struct([[1, empty]]),
  // UTC, microseconds
  timestamp: struct([[8, struct([[1, bool(true)], [2, struct([[2, empty]])]])]]),
};

export interface EncodedParquet {
  bytes: Buffer;
  statistics: TableStatistics;
}

/** The pages of a column one behind the other, and their size before compression. */
interface Chunk {
  parts: Buffer[];
  sizeBytes: number;
  plainBytes: number;
}

/**
 * One Parquet file (PLAIN, zstd, one row group, every column optional) of rows that were gathered by column, from a row on, straight from their vectors: no object
 * per value, compressed in the threads of Node's pool. The vectors must not change before it resolves.
 */
export async function parquetOfVectors(vectors: ColumnVectors, firstRow = 0): Promise<EncodedParquet> {
  const { columns, rows } = vectors;
  const encoding: Promise<Chunk>[] = [];
  const statistics: TableStatistics = { numRecords: rows - firstRow, minValues: {}, maxValues: {}, nullCount: {} };
  for (const [place] of columns.entries()) {
    const chunk = chunkOf(vectors, place, firstRow);
    chunk.catch(() => undefined); // it is awaited below, when all are on their way
    encoding.push(chunk);
    addColumnStatistics(statistics, vectors, place, firstRow);
    await giveWay();
  }
  const chunks = await Promise.all(encoding);
  const footer = footerOf(columns, rows - firstRow, chunks, statistics).bytes;
  const footerLength = Buffer.alloc(4);
  footerLength.writeUInt32LE(footer.length);
  return { bytes: Buffer.concat([magic, ...chunks.flatMap(({ parts }) => parts), footer, footerLength, magic]), statistics };
}

async function chunkOf(vectors: ColumnVectors, place: number, firstRow: number): Promise<Chunk> {
  const { type } = vectors.columns[place] as Column;
  const pages: Promise<{ head: Buffer; body: Buffer; plainBytes: number }>[] = [];
  for (let from = firstRow; from < vectors.rows; from += pageRows) {
    const to = Math.min(from + pageRows, vectors.rows);
    pages.push(compressed(plainPageOf(type, vectors.vectorAt(place), from, to), to - from));
  }
  const done = await Promise.all(pages);
  const parts = done.flatMap(({ head, body }) => [head, body]);
  const plainBytes = done.reduce((sum, page) => sum + page.head.length + page.plainBytes, 0);
  return { parts, plainBytes, sizeBytes: parts.reduce((sum, part) => sum + part.length, 0) };
}

async function compressed(page: Buffer, rows: number): Promise<{ head: Buffer; body: Buffer; plainBytes: number }> {
  const body = await compress(page, compression);
  const head = struct([
    [1, i32(DATA_PAGE)],
    [2, i32(page.length)],
    [3, i32(body.length)],
    [5, struct([[1, i32(rows)], [2, i32(PLAIN)], [3, i32(RLE)], [4, i32(RLE)]])],
  ]).bytes;
  return { head, body, plainBytes: page.length };
}

function footerOf(columns: readonly Column[], rows: number, chunks: readonly Chunk[], statistics: TableStatistics): ThriftValue {
  let offset = magic.length;
  const metadata = columns.map((column, place) => {
    const chunk = chunks[place] as Chunk;
    const begin = offset;
    offset += chunk.sizeBytes;
    return struct([[2, i64(begin)], [3, chunkMetadata(column, rows, chunk, begin, statistics.nullCount[column.name] ?? 0)]]);
  });
  const plainBytes = chunks.reduce((sum, chunk) => sum + chunk.plainBytes, 0);
  const rowGroup = struct([[1, list(metadata)], [2, i64(plainBytes)], [3, i64(rows)], [5, i64(magic.length)], [6, i64(offset - magic.length)]]);
  return struct([
    [1, i32(1)],
    [2, list([struct([[4, binary('schema')], [5, i32(columns.length)]]), ...columns.map(schemaOf)])],
    [3, i64(rows)],
    [4, list([rowGroup])],
    [6, binary('millrace')],
  ]);
}

function schemaOf({ name, type }: Column): ThriftValue {
  const converted = convertedTypes[type];
  return struct([[1, i32(physicalTypes[type])], [3, i32(OPTIONAL)], [4, binary(name)], [6, converted === undefined ? undefined : i32(converted)], [10, logicalTypes[type]]]);
}

function chunkMetadata({ name, type }: Column, rows: number, { plainBytes, sizeBytes }: Chunk, begin: number, nulls: number): ThriftValue {
  return struct([
    [1, i32(physicalTypes[type])],
    [2, list([i32(PLAIN), i32(RLE)])],
    [3, list([binary(name)])],
    [4, i32(ZSTD)],
    [5, i64(rows)],
    [6, i64(plainBytes)],
    [7, i64(sizeBytes)],
    [9, i64(begin)],
    [12, struct([[3, i64(nulls)]])],
  ]);
}
