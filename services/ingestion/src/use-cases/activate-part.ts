import type { Pipeline } from '@millrace/contracts';
import { mergeColumns } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { DataSetRow } from '../store/data-set.row.js';
import { declaredDataSets } from './prepare-part.js';

/** From now on the data sets' records are checked by this version of the pipeline. The prediction log goes on taking features of earlier versions, which predecessors in shadow still send. Of two pipelines that declared one data set at the same time, the first to become active has it. */
export async function activatePart(tx: Tx, { definition, version }: { definition: Pipeline; version: number }): Promise<void> {
  for (const declared of declaredDataSets(definition)) {
    const row = await tx.lock(DataSetRow, { dataSet: declared.id }, 'data-set-not-found');
    const isTaken = row.pipelineVersion !== null && (row.pipeline !== definition.id || row.pipelineVersion >= version);
    if (isTaken) continue;
    const columns = mergeColumns(row.columns, declared.columns);
    const accepted = row.kind === 'predictions' ? columns : declared.columns;
    await tx.save(DataSetRow, { ...row, pipeline: definition.id, pipelineVersion: version, columns, definition: { ...declared, columns: accepted } });
  }
}
