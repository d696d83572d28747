import { DuckDBTimestampTZValue, DuckDBTypeId, JSDuckDBValueConverter, listValue } from '@duckdb/node-api';
import type { DuckDBValue, DuckDBValueConverter, JS } from '@duckdb/node-api';

/** What a statement takes as a parameter. Dates are instants, arrays are lists (write `= ANY($ids)`). */
export type SqlValue = string | number | bigint | boolean | Date | null | readonly (string | number)[];
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

export function toDuckDbParameters(parameters: SqlParameters): DuckDBValue[] | Record<string, DuckDBValue> {
  if (isList(parameters)) return parameters.map(toDuckDbParameter);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, toDuckDbParameter(value)]));
}

function isList(parameters: SqlParameters): parameters is readonly SqlValue[] {
  return Array.isArray(parameters);
}

function toDuckDbParameter(value: SqlValue): DuckDBValue {
  if (value instanceof Date) return new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n);
  if (typeof value === 'object' && value !== null) return listValue([...value]);
  return value;
}

const WIDE_INTEGERS: readonly number[] = [DuckDBTypeId.BIGINT, DuckDBTypeId.UBIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT];

/**
 * The types in which rows arrive: BIGINT and wider integers are `number` while exact (up to 2^53), `bigint` beyond; DECIMAL is `number`; every
 * TIMESTAMP is `Date` (milliseconds); DATE is `YYYY-MM-DD`; MAP is a plain object; LIST an array; STRUCT an object; BLOB bytes.
 */
export const fromDuckDbValue: DuckDBValueConverter<JS> = (value, type, converter) => {
  if (value === null) return null;
  if (WIDE_INTEGERS.includes(type.typeId)) return exactNumber(value as bigint);
  if (type.typeId === DuckDBTypeId.DATE) return String(value);
  const converted = JSDuckDBValueConverter(value, type, converter);
  if (type.typeId !== DuckDBTypeId.MAP) return converted;
  return Object.fromEntries((converted as { key: JS; value: JS }[]).map((entry) => [String(entry.key), entry.value]));
};

function exactNumber(value: bigint): number | bigint {
  const narrowed = Number(value);
  return Number.isSafeInteger(narrowed) ? narrowed : value;
}
