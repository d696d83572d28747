import type { RecordsQuarantined } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';

/** Reasons that speak of the shape of a record, not of one value in it. */
const OF_SHAPE = ['unknown-field', 'missing-column', 'wrong-type', 'not-an-object', 'invalid-json', 'invalid-envelope', 'missing-key'];

/** Remembers how many records to predict were refused for their shape, for the next window to tell: their producer may have changed. */
export async function recordRefused(tx: Tx, { dataSet, reasons }: RecordsQuarantined): Promise<void> {
  const ofShape = reasons.filter(({ code }) => OF_SHAPE.includes(code));
  const [worst] = ofShape;
  if (!worst) return;
  const records = ofShape.reduce((sum, { count }) => sum + count, 0);
  const using = await tx.query<{ pipeline: string }>(`select pipeline from pipelines where definition->'predict'->>'dataSet' = $1 order by pipeline`, [dataSet]);
  for (const { pipeline } of using) {
    const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
    await tx.save(PipelineRow, { ...row, refused: { records: records + (row.refused?.records ?? 0), example: worst.example } });
  }
}
