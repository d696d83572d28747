import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import { instantOfBytes, isCanonicalInstant } from './instant-of-bytes.js';
import { isUtf8 } from './is-utf8.js';
import { JsonCursor } from './json-cursor.js';
import { LARGEST_NUMBER } from './judge-record.js';
import type { RecordLimits } from './judge-record.js';

const [QUOTE, COMMA, COLON, OPEN, CLOSE, LETTER_T, LETTER_F, LETTER_N] = [0x22, 0x2c, 0x3a, 0x7b, 0x7d, 0x74, 0x66, 0x6e] as const;
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map(asciiOf) as [Uint8Array, Uint8Array, Uint8Array];

/** Text of bytes that are UTF-8. */
export type TextOf = (bytes: Uint8Array, from: number, to: number) => string;

/** A record as it lies in a buffer: its value and its Kafka key, each from its first byte to the one behind its last. */
export interface RecordBytes {
  bytes: Uint8Array;
  from: number;
  to: number;
  keyFrom: number;
  keyTo: number;
}

interface ColumnPlan {
  column: ColumnDefinition;
  name: Uint8Array;
  least: number;
  greatest: number;
  allowed: ReadonlySet<unknown> | null;
  pattern: RegExp | null;
}

/**
 * The record checks of `compileRecordChecks` in one pass over bytes, without an object per record, for records that are plain: a flat object without
 * escapes or repeated names, that meets every expectation. What it accepts the checks accept, with the same values; of
 * anything else it says "cannot say", and the checks decide and find the reason. The values of the last record accepted stand in the
 * fields, by the column's place in the definition, until the next call.
 */
export class RecordScan {
  /** Of double and long columns the number, of boolean ones 0 or 1, of timestamps milliseconds. */
  readonly numbers: Float64Array;
  /** First byte of the text of a string or timestamp column. */
  readonly starts: Int32Array;
  /** The byte behind it. */
  readonly ends: Int32Array;
  /** 1 where an optional column is absent or null. */
  readonly nulls: Uint8Array;
  eventTimeMs = 0;
  knownAtMs = 0;
  /** Whether every instant is written in the one form that accepted records have: the bytes can be passed on as they are. */
  isCanonical = true;
  readonly #cursor = new JsonCursor();
  readonly #plans: ColumnPlan[];
  /** The record in which a column was seen last. */
  readonly #seenIn: Int32Array;
  #record = 0;
  /** Columns in the order of the record before: most producers keep to one. */
  readonly #order: Int32Array;
  readonly #key: number;
  readonly #eventTime: number;
  readonly #knownAt: number;

  constructor(
    dataSet: DataSetDefinition,
    private readonly limits: RecordLimits,
    private readonly textOf: TextOf,
  ) {
    const { columns } = dataSet;
    const placeOf = (name: string): number => columns.findIndex((column) => column.name === name);
    this.numbers = new Float64Array(columns.length);
    this.starts = new Int32Array(columns.length);
    this.ends = new Int32Array(columns.length);
    this.nulls = new Uint8Array(columns.length);
    this.#seenIn = new Int32Array(columns.length).fill(-1);
    this.#order = Int32Array.from(columns, (_, index) => index);
    this.#plans = columns.map(planOf);
    [this.#key, this.#eventTime, this.#knownAt] = [placeOf(dataSet.keyColumn), placeOf(dataSet.eventTimeColumn), placeOf(dataSet.knownAtColumn)];
  }

  /** True: the record is accepted. False: it cannot say. @param nowMs the reader's clock */
  accepts(record: RecordBytes, nowMs: number): boolean {
    if (record.to - record.from > this.limits.maxBytes) return false;
    this.isCanonical = true;
    this.#record = (this.#record + 1) | 0;
    this.#cursor.open(record.bytes, record.from, record.to);
    return this.#fields() && this.#absent() && this.#isKeyed(record) && this.#isTimed(nowMs);
  }

  #fields(): boolean {
    const cursor = this.#cursor;
    if (!cursor.take(OPEN)) return false;
    if (cursor.take(CLOSE)) return cursor.peek() === -1;
    for (let index = 0; ; index += 1) {
      if (cursor.peek() !== QUOTE || !cursor.text()) return false;
      const place = this.#placeOfName(index);
      if (place < 0 || this.#seenIn[place] === this.#record || !cursor.take(COLON)) return false;
      this.#seenIn[place] = this.#record;
      if (!this.#value(place)) return false;
      if (cursor.take(COMMA)) continue;
      return cursor.take(CLOSE) && cursor.peek() === -1;
    }
  }

  #placeOfName(index: number): number {
    const { from, to, bytes } = this.#cursor;
    const usual = this.#order[index] ?? -1;
    if (usual >= 0 && isName(bytes, from, to, (this.#plans[usual] as ColumnPlan).name)) return usual;
    const place = this.#plans.findIndex(({ name }) => isName(bytes, from, to, name));
    if (place >= 0) this.#order[index] = place;
    return place;
  }

  #value(place: number): boolean {
    const cursor = this.#cursor;
    const plan = this.#plans[place] as ColumnPlan;
    const first = cursor.peek();
    this.nulls[place] = 0;
    if (first === LETTER_N) {
      this.nulls[place] = 1;
      return plan.column.optional && cursor.word(NULL);
    }
    switch (plan.column.type) {
      case 'string':
        return first === QUOTE && cursor.text() && this.#text(place, plan);
      case 'timestamp':
        return first === QUOTE && cursor.text() && this.#instant(place, plan);
      case 'boolean':
        return (first === LETTER_T && cursor.word(TRUE) && this.#boolean(place, plan, true)) || (first === LETTER_F && cursor.word(FALSE) && this.#boolean(place, plan, false));
      case 'double':
      case 'long':
        return cursor.numeral() && this.#number(place, plan);
    }
  }

  #text(place: number, { allowed, pattern }: ColumnPlan): boolean {
    const { bytes, from, to, isAscii } = this.#cursor;
    this.starts[place] = from;
    this.ends[place] = to;
    if (!isAscii && !isUtf8(bytes, from, to)) return false;
    if (!allowed && !pattern) return true;
    const text = this.textOf(bytes, from, to);
    return (!allowed || allowed.has(text)) && (!pattern || pattern.test(text));
  }

  #instant(place: number, { allowed, pattern }: ColumnPlan): boolean {
    if (allowed || pattern) return false;
    const { bytes, from, to } = this.#cursor;
    const milliseconds = instantOfBytes(bytes, from, to);
    this.starts[place] = from;
    this.ends[place] = to;
    this.numbers[place] = milliseconds;
    this.isCanonical &&= isCanonicalInstant(bytes, from, to);
    return !Number.isNaN(milliseconds);
  }

  #boolean(place: number, { allowed }: ColumnPlan, value: boolean): boolean {
    this.numbers[place] = value ? 1 : 0;
    return !allowed || allowed.has(value);
  }

  #number(place: number, { column, least, greatest, allowed }: ColumnPlan): boolean {
    const { bytes, from, to, number, isDigits } = this.#cursor;
    const value = Number.isNaN(number) ? Number(this.textOf(bytes, from, to)) : number;
    this.numbers[place] = value;
    this.starts[place] = from;
    this.ends[place] = isDigits ? to : -1;
    if (column.type === 'long' && !Number.isSafeInteger(value)) return false;
    return value >= least && value <= greatest && (!allowed || allowed.has(value));
  }

  /** Optional columns that the record leaves out are null. */
  #absent(): boolean {
    for (let place = 0; place < this.#plans.length; place += 1) {
      if (this.#seenIn[place] === this.#record) continue;
      if (!(this.#plans[place] as ColumnPlan).column.optional) return false;
      this.nulls[place] = 1;
    }
    return true;
  }

  /** The key is the text of the key column, byte for byte; a whole number's when it is written with digits alone, -0 left aside. */
  #isKeyed({ bytes, keyFrom, keyTo }: RecordBytes): boolean {
    const place = this.#key;
    const start = this.starts[place] as number;
    const length = keyTo - keyFrom;
    if (length <= 0 || this.nulls[place] === 1 || (this.ends[place] as number) - start !== length) return false;
    if ((this.#plans[place] as ColumnPlan).column.type === 'long' && Object.is(this.numbers[place], -0)) return false;
    for (let index = 0; index < length; index += 1) if (bytes[keyFrom + index] !== bytes[start + index]) return false;
    return true;
  }

  #isTimed(nowMs: number): boolean {
    if (this.nulls[this.#eventTime] === 1 || this.nulls[this.#knownAt] === 1) return false;
    this.eventTimeMs = this.numbers[this.#eventTime] as number;
    this.knownAtMs = this.numbers[this.#knownAt] as number;
    return Math.max(this.eventTimeMs, this.knownAtMs) <= nowMs + this.limits.maxFutureMs;
  }
}

function planOf(column: ColumnDefinition): ColumnPlan {
  return {
    column,
    name: asciiOf(column.name),
    least: Math.max(column.from ?? -Infinity, -LARGEST_NUMBER),
    greatest: Math.min(column.to ?? Infinity, LARGEST_NUMBER),
    allowed: column.oneOf === null ? null : new Set<unknown>(column.oneOf),
    pattern: column.matches === null ? null : new RegExp(column.matches, 'u'),
  };
}

function isName(bytes: Uint8Array, from: number, to: number, name: Uint8Array): boolean {
  if (to - from !== name.length) return false;
  for (let index = 0; index < name.length; index += 1) if (bytes[from + index] !== name[index]) return false;
  return true;
}

/** Names of columns are ASCII by contract. */
function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
}
