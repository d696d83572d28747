import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBDoubleVector, DuckDBValue } from '@duckdb/node-api';
import { MillraceError } from '@millrace/contracts';
import type { Column } from './column.js';
import { duckDbTypeOf, sqlTypeOf, toDuckDbValue } from './column.js';
import { sqlIdentifier, sqlLiteral } from './sql-quoting.js';
import { fromDuckDbValue, toDuckDbParameters } from './sql-value.js';
import type { SqlParameters } from './sql-value.js';

export interface DuckDbOptions {
  /** Bound of DuckDB's own buffers, default 512; beyond it work spills to `tempDirectory`. */
  memoryLimitMegabytes?: number;
  /** Default 1: the services share the machine's cores. */
  threads?: number;
  /** Default a fresh folder of the system's temporary directory, removed by `close`. */
  tempDirectory?: string;
  /** A database file; default in memory. */
  path?: string;
}

export interface WrittenParquet {
  rowCount: number;
  sizeBytes: number;
}

const CHUNK_ROWS = 2048;

/** One embedded DuckDB with bounded memory, UTC as its time zone and no access to the network (extensions are never fetched). */
export class DuckDb {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly ownedTempDirectory: string | undefined,
  ) {}

  static async open(options: DuckDbOptions = {}): Promise<DuckDb> {
    const tempDirectory = options.tempDirectory ?? join(tmpdir(), `millrace-duckdb-${randomUUID()}`);
    await mkdir(tempDirectory, { recursive: true });
    const instance = await DuckDBInstance.create(options.path ?? ':memory:', {
      memory_limit: `${options.memoryLimitMegabytes ?? 512}MiB`,
      threads: String(options.threads ?? 1),
      temp_directory: tempDirectory,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new DuckDb(instance, options.tempDirectory === undefined ? tempDirectory : undefined);
  }

  /** Runs `work` on a connection of its own; temporary tables and settings made there end with it. Sessions run side by side. */
  async session<R>(work: (session: DuckDbSession) => Promise<R>): Promise<R> {
    const connection = await this.instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return await work(new DuckDbSession(connection));
    } finally {
      connection.closeSync();
    }
  }

  /** `DuckDbSession.query` on a session of its own. */
  query<T extends object>(sql: string, parameters?: SqlParameters): Promise<T[]> {
    return this.session((session) => session.query<T>(sql, parameters));
  }

  /** `DuckDbSession.stream` on a session of its own, which ends with the loop. */
  async *stream<T extends object>(sql: string, parameters?: SqlParameters): AsyncGenerator<T[]> {
    const connection = await this.instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      yield* new DuckDbSession(connection).stream<T>(sql, parameters);
    } finally {
      connection.closeSync();
    }
  }

  /** `DuckDbSession.copyToParquet` on a session of its own. */
  copyToParquet(sql: string, path: string, parameters?: SqlParameters): Promise<WrittenParquet> {
    return this.session((session) => session.copyToParquet(sql, path, parameters));
  }

  async close(): Promise<void> {
    this.instance.closeSync();
    if (this.ownedTempDirectory !== undefined) await rm(this.ownedTempDirectory, { recursive: true, force: true });
  }
}

/** A connection; its statements run one after another. Values arrive as `fromDuckDbValue` documents. Errors: `query-failed`. */
export class DuckDbSession {
  constructor(private readonly connection: DuckDBConnection) {}

  async query<T extends object>(sql: string, parameters: SqlParameters = []): Promise<T[]> {
    const result = await this.attempt(sql, () => this.connection.run(sql, toDuckDbParameters(parameters)));
    return (await result.convertRowObjects(fromDuckDbValue)) as T[];
  }

  /** Rows in portions of about 2,048, computed as they are taken: memory stays flat for results of any size. */
  async *stream<T extends object>(sql: string, parameters: SqlParameters = []): AsyncGenerator<T[]> {
    const result = await this.attempt(sql, () => this.connection.stream(sql, toDuckDbParameters(parameters)));
    try {
      for await (const rows of result.yieldConvertedRowObjects(fromDuckDbValue)) yield rows as T[];
    } catch (error) {
      throw queryFailed(sql, error);
    }
  }

  /**
   * Columns of numbers in portions of about 2,048 rows, without an object for each row; every column must be DOUBLE. NaN stands for null.
   * A portion is overwritten by the next.
   */
  async *streamNumbers(sql: string, parameters: SqlParameters = []): AsyncGenerator<Float64Array[]> {
    const result = await this.attempt(sql, () => this.connection.stream(sql, toDuckDbParameters(parameters)));
    const portion = Array.from({ length: result.columnCount }, () => new Float64Array(CHUNK_ROWS));
    for (;;) {
      const chunk = await this.attempt(sql, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield portion.map((numbers, column) => readNumbers(chunk, column, numbers));
    }
  }

  async run(sql: string, parameters: SqlParameters = []): Promise<void> {
    await this.attempt(sql, () => this.connection.run(sql, toDuckDbParameters(parameters)));
  }

  /** Writes a query's rows as one Parquet file (zstd). */
  async copyToParquet(sql: string, path: string, parameters: SqlParameters = []): Promise<WrittenParquet> {
    const copy = `COPY (${sql}) TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`;
    const result = await this.attempt(copy, () => this.connection.run(copy, toDuckDbParameters(parameters)));
    return { rowCount: result.rowsChanged, sizeBytes: (await stat(path)).size };
  }

  /** Creates a temporary table and fills it in bulk by the appender. A property that a row lacks is null; properties without a column are left out. Errors: `invalid-column-value`. */
  async loadRows(table: string, columns: readonly Column[], rows: Iterable<object> | AsyncIterable<object>): Promise<number> {
    await this.run(`CREATE TEMP TABLE ${sqlIdentifier(table)} (${definitionsOf(columns)})`);
    const types = columns.map((column) => duckDbTypeOf(column.type));
    const appender = await this.attempt(table, () => this.connection.createAppender(table));
    let rowCount = 0;
    let values: DuckDBValue[][] = columns.map(() => []);
    const flush = (): void => {
      const chunk = DuckDBDataChunk.create(types, values[0]?.length ?? 0);
      chunk.setColumns(values);
      appender.appendDataChunk(chunk);
      values = columns.map(() => []);
    };
    try {
      for await (const row of rows) {
        columns.forEach((column, index) => values[index]?.push(toDuckDbValue(column, (row as Record<string, unknown>)[column.name])));
        rowCount += 1;
        if (rowCount % CHUNK_ROWS === 0) flush();
      }
      if (rowCount % CHUNK_ROWS !== 0) flush();
    } finally {
      appender.closeSync();
    }
    return rowCount;
  }

  private async attempt<R>(sql: string, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw queryFailed(sql, error);
    }
  }
}

function definitionsOf(columns: readonly Column[]): string {
  return columns.map((column) => `${sqlIdentifier(column.name)} ${sqlTypeOf(column.type)}`).join(', ');
}

function readNumbers(chunk: DuckDBDataChunk, column: number, into: Float64Array): Float64Array {
  const vector = chunk.getColumnVector(column) as DuckDBDoubleVector;
  const numbers = into.subarray(0, chunk.rowCount);
  for (let row = 0; row < numbers.length; row += 1) numbers[row] = vector.getItem(row) ?? NaN;
  return numbers;
}

/** A file that cannot be read or written at the moment is not the query's fault: it is tried again when the object store is back. */
function queryFailed(sql: string, error: unknown): MillraceError {
  const { message } = error as Error;
  const code = !message.startsWith('IO Error') ? 'query-failed' : message.includes('No space left') ? 'disk-full' : 'object-store-unavailable';
  return new MillraceError(code, `${message} (in: ${sql.slice(0, 300)})`, { cause: error });
}
