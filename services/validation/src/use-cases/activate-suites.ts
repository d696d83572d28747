import type { Pipeline } from '@millrace/contracts';
import { predictionDataSet } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { SuiteRow } from '../store/suite.row.js';

/** From now on segments are judged by this version of the pipeline. */
export async function activateSuites(tx: Tx, { definition, version }: { definition: Pipeline; version: number }): Promise<void> {
  for (const dataSet of [...definition.dataSets, predictionDataSet(definition)]) {
    const known = await tx.lockOrNull(SuiteRow, { dataSet: dataSet.id });
    if (known && (known.pipeline !== definition.id || known.pipelineVersion >= version)) continue;
    await tx.save(SuiteRow, { dataSet: dataSet.id, pipeline: definition.id, pipelineVersion: version, definition: dataSet });
  }
}
