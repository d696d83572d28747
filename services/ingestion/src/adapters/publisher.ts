import { Injectable } from '@nestjs/common';
import { timerCause, UnitOfWork, Workers } from '@millrace/runtime';
import type { Worker } from '@millrace/runtime';
import { In } from 'typeorm';
import { projectOf } from '../data-set-names.js';
import { DataSetRow } from '../store/data-set.row.js';
import type { PublicationRow } from '../store/publication.row.js';
import { SegmentRow } from '../store/segment.row.js';
import { completePublication } from '../use-cases/complete-publication.js';
import { dataSetsToPublish, planPublication } from '../use-cases/plan-publication.js';
import { DataSetTables } from './data-set-tables.js';

const INTERVAL_MS = 10_000;

/** Makes versions of data sets: plan in one transaction, commit to the table, record in another. Killed between any two it goes on where it stood. */
@Injectable()
export class Publisher {
  private readonly worker: Worker;

  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: DataSetTables,
    workers: Workers,
  ) {
    this.worker = workers.add({ name: 'publisher', intervalMs: INTERVAL_MS, run: () => this.publishAll() });
  }

  /** A verdict or a revert came. */
  wake(): void {
    this.worker.wake();
  }

  private async publishAll(): Promise<boolean> {
    const dataSets = await this.work.read((tx) => dataSetsToPublish(tx));
    for (const dataSet of dataSets) await this.publish(dataSet);
    return dataSets.length > 0;
  }

  private async publish(dataSet: string): Promise<void> {
    const planned = await this.work.run(timerCause({ name: 'ingestion', project: projectOf(dataSet) }), (tx) => planPublication(tx, dataSet));
    if (!planned) return;
    const { columns, segments } = await this.partsOf(planned);
    const commit = await this.tables.commit(planned, segments, columns);
    await this.work.run(timerCause({ name: 'ingestion', ...planned.cascade }), (tx) => completePublication(tx, planned.publication, commit));
  }

  private partsOf({ dataSet, segments }: PublicationRow): Promise<{ columns: DataSetRow['columns']; segments: SegmentRow[] }> {
    return this.work.read(async (tx) => {
      const { columns } = await tx.get(DataSetRow, { dataSet }, 'data-set-not-found');
      return { columns, segments: await tx.findMany(SegmentRow, { where: { segment: In(segments) } }) };
    });
  }
}
