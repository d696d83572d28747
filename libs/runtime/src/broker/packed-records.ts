import type { DataRecord } from './data-record.js';
import { VarintReader } from './varint-reader.js';

/** Where the parts of records lie in `bytes`, by the record's place: first byte and the one behind the last. A key or value that is null begins at -1. */
export interface RecordPlaces {
  offsets: Float64Array;
  /** Milliseconds. */
  timestamps: Float64Array;
  keyFrom: Int32Array;
  keyTo: Int32Array;
  /** Of the length before the key. */
  keyLengthFrom: Int32Array;
  valueFrom: Int32Array;
  valueTo: Int32Array;
  /** Of the number of headers and what follows it. */
  headersFrom: Int32Array;
}

/** Records of one partition in offset order as they lie in the broker's answer: no object per record. Offsets are below 2^53. */
export class PackedRecords {
  constructor(
    readonly bytes: Buffer,
    readonly count: number,
    readonly places: RecordPlaces,
  ) {}

  /** The offset behind the last record. There must be one. */
  get nextOffset(): number {
    return (this.places.offsets[this.count - 1] ?? -1) + 1;
  }

  /** Place of the first record at or behind an offset; `count` when there is none. */
  placeOf(offset: number): number {
    const { offsets } = this.places;
    if (this.count === 0 || (offsets[0] as number) >= offset) return 0;
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((offsets[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  hasHeaders(place: number): boolean {
    return this.bytes[this.places.headersFrom[place] as number] !== 0;
  }

  valueOf(place: number): Buffer | null {
    const { valueFrom, valueTo } = this.places;
    return slice(this.bytes, valueFrom[place] as number, valueTo[place] as number);
  }

  keyOf(place: number): string | null {
    const { keyFrom, keyTo } = this.places;
    const from = keyFrom[place] as number;
    return from < 0 ? null : this.bytes.toString('utf8', from, keyTo[place]);
  }

  /** Repeated headers keep their last value. */
  headersOf(place: number): Record<string, string> {
    const headers: Record<string, string> = {};
    const reader = new VarintReader(this.bytes, this.places.headersFrom[place]);
    for (let rest = reader.int(); rest > 0; rest -= 1) {
      const name = this.#text(reader);
      const value = this.#text(reader);
      if (name !== null && value !== null) headers[name] = value;
    }
    return headers;
  }

  /** A record as an object. @param topic without prefix */
  recordOf(topic: string, partition: number, place: number): DataRecord {
    const { offsets, timestamps } = this.places;
    return {
      topic,
      partition,
      offset: BigInt(offsets[place] as number),
      key: this.keyOf(place),
      value: this.valueOf(place),
      headers: this.headersOf(place),
      timestampMs: timestamps[place] as number,
    };
  }

  recordsOf(topic: string, partition: number): DataRecord[] {
    return Array.from({ length: this.count }, (_, place) => this.recordOf(topic, partition, place));
  }

  #text(reader: VarintReader): string | null {
    const length = reader.int();
    if (length < 0) return null;
    const from = reader.position;
    reader.position += length;
    return this.bytes.toString('utf8', from, reader.position);
  }
}

function slice(bytes: Buffer, from: number, to: number): Buffer | null {
  return from < 0 ? null : bytes.subarray(from, to);
}
