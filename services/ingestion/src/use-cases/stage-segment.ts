import type { Artifact } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import type { TableStatistics } from '@millrace/storage';
import type { Tx } from '@millrace/runtime';
import { projectOf } from '../data-set-names.js';
import { KEPT_VALUE_BYTES } from '../store/quarantined-record.row.js';
import { SegmentRow } from '../store/segment.row.js';
import type { RowsOfDay } from '../store/segment.row.js';

export interface RefusedRecord {
  offset: number;
  key: string | null;
  /** What says how the value is to be read. */
  headers: Record<string, string>;
  code: string;
  detail: string;
  value: Buffer;
}

/** A stretch of one partition whose rows lie in a file. */
export interface Stretch {
  dataSet: string;
  pipelineVersion: number;
  partition: number;
  fromOffset: number;
  /** Last offset, inside. */
  toOffset: number;
  file: Artifact | null;
  statistics: TableStatistics | null;
  rows: number;
  rowsByDay: RowsOfDay[];
  minEventTime: Date | null;
  maxEventTime: Date | null;
  maxKnownAt: Date | null;
  refused: readonly RefusedRecord[];
  /** How far files are loaded, by the rows seen in this partition. */
  filePositions: readonly { file: string; lastRow: number }[];
}

/** Moves the partition's position over a stretch and announces its segment. Throws `offset-conflict` when another process moved it first. */
export async function stageSegment(tx: Tx, stretch: Stretch): Promise<string> {
  const { dataSet, partition, fromOffset, toOffset } = stretch;
  const moved = await tx.query(
    `insert into partition_positions as position (data_set, partition, next_offset, published_offset) values ($1, $2, $4::bigint + 1, -1)
     on conflict (data_set, partition) do update set next_offset = excluded.next_offset where position.next_offset = $3 returning next_offset`,
    [dataSet, partition, fromOffset, toOffset],
  );
  if (moved.flat().length === 0) throw new MillraceError('offset-conflict', `Partition ${partition} of ${dataSet} does not stand at ${fromOffset} any more`);
  const segment = `${projectOf(dataSet)}/seg-${tx.newId()}`;
  const { refused, filePositions, ...measured } = stretch;
  await tx.insert(SegmentRow, { ...measured, segment, quarantined: refused.length, state: 'staged', because: [], cascade: null, publication: null, version: null, stagedAt: tx.now });
  await keepRefused(tx, segment, stretch);
  for (const { file, lastRow } of filePositions) await moveFile(tx, file, partition, lastRow);
  announce(tx, segment, stretch);
  return segment;
}

async function keepRefused(tx: Tx, segment: string, { dataSet, partition, refused }: Stretch): Promise<void> {
  if (refused.length === 0) return;
  await tx.query(
    `insert into quarantined_records (data_set, segment, partition, "offset", key, headers, code, detail, value, size_bytes, quarantined_at)
     select $1, $2, $3, refused.*, $4::timestamptz from unnest($5::bigint[], $6::text[], $7::json[], $8::text[], $9::text[], $10::bytea[], $11::integer[]) as refused`,
    [
      dataSet,
      segment,
      partition,
      tx.now,
      refused.map((record) => record.offset),
      refused.map((record) => record.key && withoutNul(record.key)),
      refused.map((record) => JSON.stringify(record.headers)),
      refused.map((record) => record.code),
      refused.map((record) => withoutNul(record.detail)),
      refused.map((record) => record.value.subarray(0, KEPT_VALUE_BYTES)),
      refused.map((record) => record.value.length),
    ],
  );
}

function moveFile(tx: Tx, file: string, partition: number, lastRow: number): Promise<unknown> {
  return tx.query(
    `insert into file_positions as known (file, partition, last_row) values ($1, $2, $3)
     on conflict (file, partition) do update set last_row = greatest(known.last_row, excluded.last_row)`,
    [file, partition, lastRow],
  );
}

function announce(tx: Tx, segment: string, stretch: Stretch): void {
  const { dataSet, partition, fromOffset, toOffset, rows, file, pipelineVersion, refused } = stretch;
  const [minEventTime, maxEventTime, maxKnownAt] = [stretch.minEventTime, stretch.maxEventTime, stretch.maxKnownAt].map((time) => time?.toISOString() ?? null) as [string | null, string | null, string | null];
  tx.emit('millrace.ingestion.segment.staged.v1', { dataSet, segment, partition, fromOffset, toOffset, rows, quarantined: refused.length, file, pipelineVersion, minEventTime, maxEventTime, maxKnownAt });
  if (refused.length > 0) tx.emit('millrace.ingestion.record.quarantined.v1', { dataSet, segment, count: refused.length, reasons: reasonsOf(refused) });
}

function reasonsOf(refused: readonly RefusedRecord[]) {
  const reasons = new Map<string, { code: string; count: number; example: string }>();
  for (const { code, detail } of refused) {
    const reason = reasons.get(code) ?? { code, count: 0, example: detail };
    reasons.set(code, { ...reason, count: reason.count + 1 });
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count);
}

/** Postgres text takes every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
