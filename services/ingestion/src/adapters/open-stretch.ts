import { envelopeHeadersOf } from '@millrace/decisions';
import type { RecordJudgement } from '@millrace/decisions';
import type { DataRecord } from '@millrace/runtime';
import type { RefusedRecord } from '../use-cases/stage-segment.js';

/** A row as it goes into a segment: the record's columns and the technical ones. */
export interface SegmentRecord {
  _partition: number;
  _offset: number;
  /** Milliseconds. */
  _known_at: number;
  _event_time: number;
  [column: string]: unknown;
}

/** Records of one partition between two offsets that are in no segment yet. */
export interface OpenStretch {
  /** First offset covered, whether or not it holds a record. */
  fromOffset: number;
  nextOffset: number;
  rows: SegmentRecord[];
  refused: RefusedRecord[];
  bytes: number;
  /** Last row seen per loaded file. */
  files: Map<string, number>;
  isEmpty: boolean;
}

export function newStretch(fromOffset: number): OpenStretch {
  return { fromOffset, nextOffset: fromOffset, rows: [], refused: [], bytes: 0, files: new Map(), isEmpty: true };
}

/** Puts a judged record behind the others. */
export function addRecord(stretch: OpenStretch, record: DataRecord, judgement: RecordJudgement): void {
  const offset = Number(record.offset);
  stretch.nextOffset = offset + 1;
  stretch.isEmpty = false;
  stretch.bytes += record.value?.length ?? 0;
  if (judgement.accepted) {
    stretch.rows.push(Object.assign(judgement.row, { _partition: record.partition, _offset: offset, _known_at: judgement.knownAtMs, _event_time: judgement.eventTimeMs }));
  } else {
    stretch.refused.push({ offset, key: record.key, headers: envelopeHeadersOf(record.headers), code: judgement.code, detail: judgement.detail, value: record.value ?? Buffer.alloc(0) });
  }
}

/** Notes an offset whose record was taken before: a row of a file that was sent twice. */
export function skipRecord(stretch: OpenStretch, record: DataRecord): void {
  stretch.nextOffset = Number(record.offset) + 1;
  stretch.isEmpty = false;
}

/** The stretch from an offset on, for when another process has staged its beginning. */
export function withoutBefore(stretch: OpenStretch, fromOffset: number): OpenStretch {
  const rows = stretch.rows.filter((row) => row._offset >= fromOffset);
  const refused = stretch.refused.filter((record) => record.offset >= fromOffset);
  return { ...stretch, fromOffset, nextOffset: Math.max(stretch.nextOffset, fromOffset), rows, refused, isEmpty: stretch.nextOffset <= fromOffset };
}
