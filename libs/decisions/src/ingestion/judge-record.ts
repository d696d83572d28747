import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import { dataOfRecord } from './data-of-record.js';
import type { RecordFlaw, RecordFlawCode } from './record-flaw.js';

/** A record's values by column; times are ISO 8601 in UTC, an absent optional column is null. */
export type RecordRow = Record<string, string | number | boolean | null>;

export type RecordJudgement =
  | { accepted: true; row: RecordRow; eventTimeMs: number; knownAtMs: number; warnings: RecordFlaw[] }
  | ({ accepted: false } & RecordFlaw);

/** A record as it arrived. `nowMs` is the reader's clock, against which times are held. */
export interface ArrivedRecord {
  key: string | null;
  headers: Readonly<Record<string, string>>;
  /** The value as text; null for a tombstone. */
  text: string | null;
  sizeBytes: number;
  nowMs: number;
}

export interface RecordLimits {
  maxBytes: number;
  /** How far behind the reader's clock a time may lie; a time further ahead would drag every watermark with it. */
  maxFutureMs: number;
}

/** Numbers beyond are mistakes of units or of memory; their squares still add up to a finite number, so that no statistic over a column overflows. */
export const LARGEST_NUMBER = 1e150;

type ColumnCheck = (value: unknown) => { value: string | number | boolean | null } | RecordFlaw;

/**
 * Compiles a data set's record checks: plain JSON or a CloudEvent (`dataOfRecord`), strict JSON object, Kafka key equal to the key column, known columns only, declared types, expectations.
 * The first flaw decides. An expectation with `failure: warn` is reported and the record accepted.
 */
export function compileRecordChecks(dataSet: DataSetDefinition, limits: RecordLimits): (record: ArrivedRecord) => RecordJudgement {
  const checks = dataSet.columns.map((column) => ({ column, check: columnCheckOf(column) }));
  const known = new Set(dataSet.columns.map((column) => column.name));
  return (record) => {
    const fields = fieldsOf(record, limits);
    if ('code' in fields) return { accepted: false, ...fields };
    const row: RecordRow = {};
    const warnings: RecordFlaw[] = [];
    for (const { column, check } of checks) {
      const judged = check(fields.values[column.name]);
      if ('value' in judged) row[column.name] = judged.value;
      else if (column.failure === 'warn' && isExpectation(judged)) {
        row[column.name] = plainValue(column, fields.values[column.name]);
        warnings.push(judged);
      } else return { accepted: false, ...judged };
    }
    for (const name in fields.values) if (!known.has(name)) return refuse('unknown-field', `"${name}" is not a column of ${dataSet.id}`);
    return timed(dataSet, record, limits, row, warnings);
  };
}

function fieldsOf({ headers, text, sizeBytes }: ArrivedRecord, limits: RecordLimits): { values: Record<string, unknown> } | RecordFlaw {
  if (text === null) return { code: 'empty-record', detail: 'The record has no value' };
  if (sizeBytes > limits.maxBytes) return { code: 'record-too-large', detail: `The record has ${sizeBytes} bytes, at most ${limits.maxBytes} are accepted` };
  const data = dataOfRecord({ headers, text });
  if (data === null) return { code: 'empty-record', detail: 'The CloudEvent has no data' };
  if (typeof data !== 'string') return data;
  let values: unknown;
  try {
    values = JSON.parse(data);
  } catch (error) {
    return { code: 'invalid-json', detail: `The value is not JSON: ${(error as Error).message}` };
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return { code: 'not-an-object', detail: `The value is ${nameOf(values)}, not a JSON object` };
  return { values: values as Record<string, unknown> };
}

function timed(dataSet: DataSetDefinition, { key, nowMs }: ArrivedRecord, limits: RecordLimits, row: RecordRow, warnings: RecordFlaw[]): RecordJudgement {
  if (key === null || key === '') return refuse('missing-key', `The record has no Kafka key; it must be the value of "${dataSet.keyColumn}"`);
  const own = String(row[dataSet.keyColumn]);
  if (key !== own) return refuse('key-mismatch', `The Kafka key is "${cut(key)}", "${dataSet.keyColumn}" is "${cut(own)}"`);
  const eventTimeMs = Date.parse(String(row[dataSet.eventTimeColumn]));
  const knownAtMs = Date.parse(String(row[dataSet.knownAtColumn]));
  if (Math.max(eventTimeMs, knownAtMs) > nowMs + limits.maxFutureMs) {
    const column = eventTimeMs > knownAtMs ? dataSet.eventTimeColumn : dataSet.knownAtColumn;
    return refuse('in-the-future', `"${column}" is ${row[column]}, which has not come yet`);
  }
  return { accepted: true, row, eventTimeMs, knownAtMs, warnings };
}

function columnCheckOf(column: ColumnDefinition): ColumnCheck {
  const pattern = column.matches === null ? null : new RegExp(column.matches, 'u');
  const allowed = column.oneOf === null ? null : new Set<unknown>(column.oneOf);
  return (given) => {
    if (given === undefined || given === null) {
      return column.optional ? { value: null } : { code: 'missing-column', detail: `"${column.name}" is ${given === null ? 'null' : 'missing'}` };
    }
    const value = typedValue(column, given);
    if (value === undefined) return { code: 'wrong-type', detail: `"${column.name}" is ${nameOf(given)}, expected ${TYPE_NAMES[column.type]}` };
    if (typeof value === 'number' && Math.abs(value) > LARGEST_NUMBER) return { code: 'number-too-large', detail: `"${column.name}" is ${value}, numbers reach from -${LARGEST_NUMBER} to ${LARGEST_NUMBER}` };
    if (typeof value === 'string' && value.includes('\u0000')) return { code: 'zero-character', detail: `"${column.name}" holds the character U+0000, which a database cannot keep` };
    if (typeof value === 'number' && ((column.from !== null && value < column.from) || (column.to !== null && value > column.to))) {
      return { code: 'out-of-range', detail: `"${column.name}" is ${value}, allowed is ${column.from ?? '…'} to ${column.to ?? '…'}` };
    }
    if (allowed && !allowed.has(given)) return { code: 'not-allowed', detail: `"${column.name}" is ${nameOf(given)}, which is not among the values allowed` };
    if (pattern && typeof value === 'string' && !pattern.test(value)) return { code: 'pattern-mismatch', detail: `"${column.name}" is ${nameOf(given)}, which does not match ${column.matches}` };
    return { value };
  };
}

const TYPE_NAMES: Record<ColumnDefinition['type'], string> = {
  string: 'a string',
  double: 'a number',
  long: 'a whole number',
  boolean: 'true or false',
  timestamp: 'an ISO 8601 time with its zone',
};

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)$/;
const CANONICAL_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function typedValue(column: ColumnDefinition, value: unknown): string | number | boolean | undefined {
  switch (column.type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'long':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'timestamp':
      return typeof value === 'string' ? instantOf(value) : undefined;
  }
}

/** The same instant in UTC with milliseconds; undefined for anything that names no instant, such as a date without zone or 30 February. */
function instantOf(text: string): string | undefined {
  if (!INSTANT.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const canonical = new Date(milliseconds).toISOString();
  if (CANONICAL_INSTANT.test(text)) return canonical === text ? text : undefined;
  return hasRealDay(text) ? canonical : undefined;
}

/** Date.parse takes 30 February for 2 March. */
function hasRealDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/** A value that broke an expectation, not its type. */
function plainValue(column: ColumnDefinition, value: unknown): string | number | boolean | null {
  return typedValue(column, value) ?? null;
}

function isExpectation({ code }: RecordFlaw): boolean {
  return code === 'out-of-range' || code === 'not-allowed' || code === 'pattern-mismatch';
}

function refuse(code: RecordFlawCode, detail: string): RecordJudgement {
  return { accepted: false, code, detail };
}

/** Lists and objects are not written out: they may be nested deeper than the stack. */
function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? JSON.stringify(cut(value)) : String(value);
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
