import { Injectable } from '@nestjs/common';
import { timerCause, UnitOfWork } from '@millrace/runtime';
import { projectOf } from '../data-set-names.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import { PartitionPositionRow } from '../store/partition-position.row.js';
import { stageSegment } from '../use-cases/stage-segment.js';
import type { Stretch } from '../use-cases/stage-segment.js';
import { DataSetTables } from './data-set-tables.js';
import type { OpenStretch, SegmentRecord } from './open-stretch.js';

/** Makes a segment of a stretch: the file first, which is harmless if the process dies, then position, quarantine and announcement in one transaction. */
@Injectable()
export class SegmentStager {
  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: DataSetTables,
  ) {}

  async stage(dataSet: ActiveDataSet, partition: number, stretch: OpenStretch): Promise<void> {
    const { rows, refused, fromOffset, nextOffset, files } = stretch;
    const written = rows.length > 0 ? await this.tables.writeSegment(dataSet.dataSet, dataSet.columns, rows) : { file: null, statistics: null };
    const staged: Stretch = {
      dataSet: dataSet.dataSet,
      pipelineVersion: dataSet.pipelineVersion,
      partition,
      fromOffset,
      toOffset: nextOffset - 1,
      ...written,
      ...measuresOf(rows),
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

function measuresOf(rows: readonly SegmentRecord[]): Pick<Stretch, 'rows' | 'rowsByDay' | 'minEventTime' | 'maxEventTime' | 'maxKnownAt'> {
  let [earliest, latest, known] = [Infinity, -Infinity, -Infinity];
  const days = new Map<number, number>();
  for (const { _event_time: eventTime, _known_at: knownAt } of rows) {
    earliest = Math.min(earliest, eventTime);
    latest = Math.max(latest, eventTime);
    known = Math.max(known, knownAt);
    const day = Math.floor(eventTime / DAY_MS);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  const rowsByDay = [...days].sort(([a], [b]) => a - b).map(([day, count]) => ({ day: new Date(day * DAY_MS).toISOString().slice(0, 10), rows: count }));
  const timeOf = (milliseconds: number): Date | null => (Number.isFinite(milliseconds) ? new Date(milliseconds) : null);
  return { rows: rows.length, rowsByDay, minEventTime: timeOf(earliest), maxEventTime: timeOf(latest), maxKnownAt: timeOf(known) };
}

const DAY_MS = 24 * 60 * 60 * 1000;
