import { Injectable } from '@nestjs/common';
import { timerCause, Turnstile, UnitOfWork } from '@millrace/runtime';
import type { ColumnVectors } from '@millrace/storage';
import { projectOf } from '../data-set-names.js';
import { PartitionPositionRow } from '../store/partition-position.row.js';
import type { RowsOfDay } from '../store/segment.row.js';
import { stageSegment } from '../use-cases/stage-segment.js';
import type { Stretch } from '../use-cases/stage-segment.js';
import { DataSetTables } from './data-set-tables.js';
import type { OpenStretch } from './open-stretch.js';

const FILES_AT_ONCE = 4;

/** Makes a segment of a stretch: the file first, which is harmless if the process dies, then position, quarantine and announcement in one transaction. */
@Injectable()
export class SegmentStager {
  /** A thousand data sets that fall silent together must not open a thousand sessions of DuckDB. */
  private readonly turnstile = new Turnstile(FILES_AT_ONCE);

  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: DataSetTables,
  ) {}

  async stage(partition: number, stretch: OpenStretch): Promise<void> {
    const { dataSet, rows, firstRow, refused, fromOffset, nextOffset, files } = stretch;
    const written = stretch.rowCount > 0 ? await this.turnstile.run(() => this.tables.writeSegment(dataSet.dataSet, rows, firstRow)) : { file: null, statistics: null };
    const staged: Stretch = {
      dataSet: dataSet.dataSet,
      pipelineVersion: dataSet.pipelineVersion,
      partition,
      fromOffset,
      toOffset: nextOffset - 1,
      ...written,
      ...measuresOf(rows, firstRow),
      refused,
      filePositions: [...files].map(([file, lastRow]) => ({ file, lastRow })),
    };
    const cause = timerCause({ name: 'ingestion', project: projectOf(dataSet.dataSet), pipelineVersion: dataSet.pipelineVersion });
    await this.work.run(cause, (tx) => stageSegment(tx, staged));
  }

  /** First offset of a partition that is in no segment. */
  async positionOf(dataSet: string, partition: number): Promise<number> {
    const row = await this.work.read((tx) => tx.find(PartitionPositionRow, { dataSet, partition }));
    return Number(row?.nextOffset ?? 0);
  }

  /** How far the rows of a file were seen in a partition; 0 before the first. */
  async filePositionOf(file: string, partition: number): Promise<number> {
    const [row] = await this.work.read((tx) => tx.query<{ last_row: number }>('select last_row from file_positions where file = $1 and partition = $2', [file, partition]));
    return row?.last_row ?? 0;
  }
}

function measuresOf(vectors: ColumnVectors, firstRow: number): Pick<Stretch, 'rows' | 'rowsByDay' | 'minEventTime' | 'maxEventTime' | 'maxKnownAt'> {
  const numbersOf = (name: string): Float64Array => vectors.vectorAt(vectors.columns.findIndex((column) => column.name === name)).numbers;
  const [eventTimes, knownAts] = [numbersOf('_event_time'), numbersOf('_known_at')];
  let [earliest, latest, known] = [Infinity, -Infinity, -Infinity];
  for (let row = firstRow; row < vectors.rows; row += 1) {
    const [time, knownAt] = [eventTimes[row] as number, knownAts[row] as number];
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
    if (knownAt > known) known = knownAt;
  }
  const timeOf = (milliseconds: number): Date | null => (Number.isFinite(milliseconds) ? new Date(milliseconds) : null);
  return { rows: vectors.rows - firstRow, rowsByDay: rowsByDayOf(eventTimes.subarray(firstRow, vectors.rows)), minEventTime: timeOf(earliest), maxEventTime: timeOf(latest), maxKnownAt: timeOf(known) };
}

const DAY_MS = 24 * 60 * 60 * 1000;

function rowsByDayOf(times: Float64Array): RowsOfDay[] {
  const days = new Map<number, number>();
  const dayOf = (row: number): number => Math.floor((times[row] as number) / DAY_MS);
  for (let [row, end] = [0, 0]; row < times.length; row = end) {
    const day = dayOf(row); // mostly that of many rows to come
    for (end = row + 1; end < times.length && dayOf(end) === day; ) end += 1;
    days.set(day, (days.get(day) ?? 0) + end - row);
  }
  return [...days].sort(([a], [b]) => a - b).map(([day, rows]) => ({ day: new Date(day * DAY_MS).toISOString().slice(0, 10), rows }));
}
