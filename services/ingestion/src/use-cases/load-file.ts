import type { FileLoad } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import type { ReadTx, Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { DataSetRow, isActive } from '../store/data-set.row.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import { FileLoadRow, toFileLoad } from '../store/file-load.row.js';

/** A data set that takes records now. Errors: `data-set-not-found`, also for one whose pipeline is not active yet. */
export async function activeDataSet(tx: ReadTx, dataSet: string): Promise<ActiveDataSet> {
  const row = await tx.get(DataSetRow, { dataSet }, 'data-set-not-found');
  if (!isActive(row)) throw new MillraceError('data-set-not-found', `${dataSet} takes no records until its pipeline is active`);
  return row;
}

/** Notes a file that lies in the object store; a worker sends its rows to the topic. */
export async function receiveFile(tx: Tx, file: Pick<FileLoadRow, 'file' | 'dataSet' | 'format' | 'url' | 'sizeBytes'>): Promise<FileLoad> {
  await activeDataSet(tx, file.dataSet);
  const row: FileLoadRow = { ...file, state: 'waiting', rowsDone: 0, problem: null, receivedAt: tx.now };
  await tx.insert(FileLoadRow, row);
  return toFileLoad(row);
}

/** The file to go on with: one that was begun before one that waits, oldest first. */
export async function nextFile(tx: ReadTx): Promise<FileLoadRow | null> {
  const [row] = await tx.findMany(FileLoadRow, { where: { state: In(['waiting', 'loading']) }, order: { state: 'ASC', receivedAt: 'ASC' }, take: 1 });
  return row ?? null;
}

/** Notes how far a file is. */
export async function reportFile(tx: Tx, file: string, progress: Pick<FileLoadRow, 'state' | 'rowsDone' | 'problem'>): Promise<void> {
  const row = await tx.lock(FileLoadRow, { file }, 'file-not-found');
  await tx.save(FileLoadRow, { ...row, ...progress });
}
