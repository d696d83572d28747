import { BIGINT, BOOLEAN, DOUBLE, DuckDBTimestampTZValue, TIMESTAMPTZ, VARCHAR } from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { MillraceError } from '@millrace/contracts';

/** The types of a data set's columns. `timestamp` is an instant (UTC, kept in microseconds, read and written in milliseconds). */
export type ColumnType = 'string' | 'double' | 'long' | 'boolean' | 'timestamp';

export interface Column {
  name: string;
  type: ColumnType;
  /** Default true. */
  nullable?: boolean;
}

interface ColumnForm {
  duckDbType: DuckDBType;
  sqlType: string;
  /** What it takes, for the error's text. */
  takes: string;
  /** The value as DuckDB wants it; undefined when it has the wrong type. */
  convert: (value: unknown) => DuckDBValue | undefined;
}

const FORMS: Record<ColumnType, ColumnForm> = {
  string: { duckDbType: VARCHAR, sqlType: 'VARCHAR', takes: 'a string', convert: (value) => (typeof value === 'string' ? value : undefined) },
  double: { duckDbType: DOUBLE, sqlType: 'DOUBLE', takes: 'a number', convert: (value) => (typeof value === 'number' ? value : undefined) },
  long: { duckDbType: BIGINT, sqlType: 'BIGINT', takes: 'a whole number', convert: longOf },
  boolean: { duckDbType: BOOLEAN, sqlType: 'BOOLEAN', takes: 'true or false', convert: (value) => (typeof value === 'boolean' ? value : undefined) },
  timestamp: { duckDbType: TIMESTAMPTZ, sqlType: 'TIMESTAMPTZ', takes: 'a Date, milliseconds since 1970 or an ISO 8601 time with zone', convert: timestampOf },
};

/** DuckDB's name of a column type, e.g. `TIMESTAMPTZ`. */
export function sqlTypeOf(type: ColumnType): string {
  return FORMS[type].sqlType;
}

export function duckDbTypeOf(type: ColumnType): DuckDBType {
  return FORMS[type].duckDbType;
}

/** Converts one value for the appender; undefined counts as null. Throws `invalid-column-value` for a wrong type or a null where none is allowed. */
export function toDuckDbValue(column: Column, value: unknown): DuckDBValue {
  if (value === null || value === undefined) {
    if (column.nullable === false) throw new MillraceError('invalid-column-value', `Column "${column.name}" must not be null`, { column: column.name });
    return null;
  }
  const converted = FORMS[column.type].convert(value);
  if (converted === undefined) {
    throw new MillraceError('invalid-column-value', `Column "${column.name}" takes ${FORMS[column.type].takes}, not ${JSON.stringify(value)?.slice(0, 80) ?? typeof value}`, { column: column.name });
  }
  return converted;
}

function longOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : undefined;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

function timestampOf(value: unknown): DuckDBTimestampTZValue | undefined {
  const milliseconds = value instanceof Date ? value.getTime() : typeof value === 'string' ? parseInstant(value) : value;
  return typeof milliseconds === 'number' && Number.isFinite(milliseconds) ? new DuckDBTimestampTZValue(BigInt(Math.round(milliseconds * 1000))) : undefined;
}

const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

function parseInstant(text: string): number {
  return ISO_INSTANT.test(text) ? Date.parse(text) : Number.NaN;
}
