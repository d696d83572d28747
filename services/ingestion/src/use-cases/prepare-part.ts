import type { Finding, Pipeline } from '@millrace/contracts';
import { checkDataSets, predictionDataSet } from '@millrace/decisions';
import type { ReadTx, Tx } from '@millrace/runtime';
import { In, IsNull, Not } from 'typeorm';
import { DataSetRow } from '../store/data-set.row.js';

/** Every data set that a pipeline declares, its prediction log among them. */
export function declaredDataSets(pipeline: Pipeline) {
  return [...pipeline.dataSets, predictionDataSet(pipeline)];
}

/** Checks ingestion's part of a pipeline without effect. */
export async function checkPart(tx: ReadTx, pipeline: Pipeline): Promise<{ accepted: boolean; because: Finding[] }> {
  const declared = declaredDataSets(pipeline);
  // A reservation alone binds nobody: its pipeline may have been refused by another service.
  const known = await tx.findMany(DataSetRow, { where: { dataSet: In(declared.map((dataSet) => dataSet.id)), pipelineVersion: Not(IsNull()) } });
  const because = checkDataSets(pipeline.id, declared, known);
  return { accepted: because.every((finding) => finding.passed), because };
}

/** Reserves the data sets of an applied pipeline version and says so, or says why not. They take records when the version becomes active. */
export async function preparePart(tx: Tx, { definition, version }: { definition: Pipeline; version: number }): Promise<void> {
  for (const dataSet of declaredDataSets(definition)) await tx.lockKey(dataSet.id);
  const { accepted, because } = await checkPart(tx, definition);
  const answer = { pipeline: definition.id, version, because };
  if (!accepted) return void tx.emit('millrace.ingestion.pipeline-part.refused.v1', answer);
  for (const dataSet of definition.dataSets) await reserve(tx, definition, dataSet.id, 'records');
  await reserve(tx, definition, predictionDataSet(definition).id, 'predictions');
  tx.emit('millrace.ingestion.pipeline-part.ready.v1', answer);
}

async function reserve(tx: Tx, { id, project }: Pipeline, dataSet: string, kind: DataSetRow['kind']): Promise<void> {
  if (await tx.find(DataSetRow, { dataSet })) return;
  await tx.insert(DataSetRow, { dataSet, project, pipeline: id, kind, pipelineVersion: null, definition: null, columns: [], version: null, totalRows: 0, watermark: null });
}
