import type { Tx } from '@millrace/runtime';
import { HoldRow } from '../store/hold.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import { maturityOfPipeline } from './trigger-situation.js';

/** A run's turn has come: it asks the feature store for its training set. The pipeline's definition is frozen in the run from now on. */
export async function requestRun(tx: Tx, run: string): Promise<void> {
  const { pipeline } = await tx.get(RunRow, { run }, 'run-not-found');
  const pipelineRow = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (row.state !== 'waiting-for-turn') return;
  const { maturity, nowMs } = await maturityOfPipeline(tx, pipelineRow, row.changePoint);
  const asOf = nowMs === null ? tx.now : new Date(nowMs);
  const lifted = await tx.findMany(HoldRow, { where: { pipeline, state: 'lifted' }, order: { placedAt: 'ASC' } });
  const data = {
    pipeline,
    run,
    trigger: row.trigger,
    cause: row.cause,
    incident: row.incident,
    changePoint: row.changePoint?.toISOString() ?? null,
    asOf: asOf.toISOString(),
    excluded: lifted.flatMap(({ excluded }) => excluded ?? []),
    champion: pipelineRow.champion,
  };
  const { definition, version, champion } = pipelineRow;
  const causationId = tx.emit('millrace.training.run.requested.v1', data, { ...row.cascade, pipelineVersion: version });
  const cascade = { ...row.cascade, causationId, pipelineVersion: version };
  await tx.save(RunRow, { ...row, state: 'waiting-for-training-set', definition, pipelineVersion: version, champion, maturedRows: maturity.rows, asOf, cascade });
  await tx.save(PipelineRow, { ...pipelineRow, lastRunAt: asOf });
}
