import type { ColumnDefinition } from '@millrace/contracts';
import { compileRecordChecks, RecordScan } from '@millrace/decisions';
import type { RecordBytes, RecordLimits, RecordRow } from '@millrace/decisions';
import type { DataRecord, PackedRecords } from '@millrace/runtime';
import type { ActiveDataSet } from '../store/data-set.row.js';
import type { OpenStretch } from './open-stretch.js';
import type { PassOn } from './pass-on.js';
import type { SourceHeaders } from './source-headers.js';

/** Where the records of a partition go. */
export interface CheckedPlace {
  topic: string;
  partition: number;
  stretch: OpenStretch;
  /** Null: the data set has no accepted topic. */
  passOn: { records: PassOn; headers: SourceHeaders } | null;
}

/** Names of headers that say how a value is to be read, which the scan does not know. */
const isEnvelope = (name: string): boolean => name === 'content-type' || name.startsWith('ce_');

/**
 * A data set's record checks over packed records. What the scan over the bytes accepts goes straight into columns and on to the accepted topic,
 * as it came; anything else is judged by the record checks, which know the reasons.
 */
export class BatchChecks {
  private readonly scan: RecordScan;
  private readonly judge: ReturnType<typeof compileRecordChecks>;
  private readonly columns: readonly ColumnDefinition[];
  /** By the place of a column in the definition: its place in the table, which has columns of other versions too. */
  private readonly places: Int32Array;
  private readonly strangers: number[];
  private readonly technical: { partition: number; offset: number; knownAt: number; eventTime: number };
  private readonly knownAt: number;
  private readonly record: RecordBytes = { bytes: Buffer.alloc(0), from: 0, to: 0, keyFrom: 0, keyTo: 0 };

  constructor({ definition, columns }: ActiveDataSet, limits: RecordLimits) {
    this.scan = new RecordScan(definition, limits, (bytes, from, to) => (bytes as Buffer).toString('utf8', from, to));
    this.judge = compileRecordChecks(definition, limits);
    this.columns = definition.columns;
    this.places = Int32Array.from(definition.columns, ({ name }) => columns.findIndex((column) => column.name === name));
    const own = new Set(this.places);
    this.strangers = columns.flatMap((_, place) => (own.has(place) ? [] : [place]));
    const end = columns.length;
    this.technical = { partition: end, offset: end + 1, knownAt: end + 2, eventTime: end + 3 };
    this.knownAt = definition.columns.findIndex(({ name }) => name === definition.knownAtColumn);
  }

  /** Checks the records from a place on, up to another. */
  take(packed: PackedRecords, from: number, to: number, place: CheckedPlace): void {
    const nowMs = Date.now();
    for (let index = from; index < to; index += 1) {
      if (this.accepts(packed, index, nowMs)) this.keepScanned(packed, index, place);
      else this.judgeAlone(packed.recordOf(place.topic, place.partition, index), nowMs, place);
      place.stretch.cover(packed.places.offsets[index] as number);
    }
  }

  private accepts(packed: PackedRecords, index: number, nowMs: number): boolean {
    const { record } = this;
    const { valueFrom, valueTo, keyFrom, keyTo } = packed.places;
    record.bytes = packed.bytes;
    record.from = valueFrom[index] as number;
    record.to = valueTo[index] as number;
    record.keyFrom = keyFrom[index] as number;
    record.keyTo = keyTo[index] as number;
    if (record.from < 0 || record.keyFrom < 0) return false;
    if (packed.hasHeaders(index) && Object.keys(packed.headersOf(index)).some(isEnvelope)) return false;
    return this.scan.accepts(record, nowMs);
  }

  private keepScanned(packed: PackedRecords, index: number, { partition, stretch: { rows }, passOn }: CheckedPlace): void {
    const { scan, places, columns, technical } = this;
    for (let column = 0; column < places.length; column += 1) {
      const place = places[column] as number;
      if (scan.nulls[column] === 1) rows.putNull(place);
      else if ((columns[column] as ColumnDefinition).type === 'string') rows.putText(place, packed.bytes, scan.starts[column] as number, scan.ends[column] as number);
      else rows.putNumber(place, scan.numbers[column] as number);
    }
    for (const place of this.strangers) rows.putNull(place);
    const offset = packed.places.offsets[index] as number;
    rows.putNumber(technical.partition, partition);
    rows.putNumber(technical.offset, offset);
    rows.putNumber(technical.knownAt, scan.knownAtMs);
    rows.putNumber(technical.eventTime, scan.eventTimeMs);
    rows.endRow();
    if (!passOn) return;
    if (!scan.isCanonical) return this.passRow(passOn, offset, packed.keyOf(index) ?? '', this.scannedRow(packed.bytes), scan.knownAtMs);
    const { bytes, places: at } = packed;
    passOn.headers.set(offset, bytes, scan.starts[this.knownAt] as number, scan.ends[this.knownAt] as number);
    passOn.records.writer.addEncoded(bytes, at.keyLengthFrom[index] as number, at.valueTo[index] as number, passOn.headers.bytes, passOn.headers.end);
    passOn.records.written();
  }

  private judgeAlone(record: DataRecord, nowMs: number, { partition, stretch, passOn }: CheckedPlace): void {
    const { key, value, headers } = record;
    const judgement = this.judge({ key, headers, text: value === null ? null : value.toString('utf8'), sizeBytes: value?.length ?? 0, nowMs });
    if (!judgement.accepted) return stretch.refuse(record, judgement);
    const { row, knownAtMs, eventTimeMs } = judgement;
    const offset = Number(record.offset);
    stretch.rows.push({ ...row, _partition: partition, _offset: offset, _known_at: knownAtMs, _event_time: eventTimeMs });
    if (passOn) this.passRow(passOn, offset, key ?? '', row, knownAtMs);
  }

  private passRow({ records, headers }: NonNullable<CheckedPlace['passOn']>, offset: number, key: string, row: RecordRow, knownAtMs: number): void {
    const [keyBytes, value, knownAt] = [key, JSON.stringify(row), new Date(knownAtMs).toISOString()].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
    headers.set(offset, knownAt, 0, knownAt.length);
    records.writer.add(keyBytes, 0, keyBytes.length, value, 0, value.length, headers.bytes, headers.end);
    records.written();
  }

  /** What the scan accepted last, as the record checks would have given it. */
  private scannedRow(bytes: Buffer): RecordRow {
    const { nulls, numbers, starts, ends } = this.scan;
    const row: RecordRow = {};
    this.columns.forEach(({ name, type }, place) => {
      const number = numbers[place] as number;
      if (nulls[place] === 1) row[name] = null;
      else if (type === 'string') row[name] = bytes.toString('utf8', starts[place], ends[place]);
      else row[name] = type === 'timestamp' ? new Date(number).toISOString() : type === 'boolean' ? number === 1 : number;
    });
    return row;
  }
}
