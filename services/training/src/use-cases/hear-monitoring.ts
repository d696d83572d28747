import type { DriftDetected, EstimatedLoss, PerformanceDegraded } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { considerSignal } from './consider-signal.js';

/** Monitoring says that the inputs or the outcomes changed, with its diagnosis. */
export async function hearDrift(tx: Tx, { pipeline, modelVersion, diagnosis, changePoint, incident, estimatedLoss }: DriftDetected): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await considerSignal(tx, row, { cause: 'drift', diagnosis, changePoint: new Date(changePoint), incident, modelVersion, ...worthOf(estimatedLoss) });
}

/** Monitoring says that measured performance fell. */
export async function hearDegradation(tx: Tx, { pipeline, modelVersion, changePoint, incident, estimatedLoss }: PerformanceDegraded): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await considerSignal(tx, row, { cause: 'performance', diagnosis: null, changePoint: new Date(changePoint), incident, modelVersion, ...worthOf(estimatedLoss) });
}

function worthOf(loss: EstimatedLoss | undefined): { estimatedLossPerDay?: number } {
  return loss ? { estimatedLossPerDay: loss.perDay } : {};
}
