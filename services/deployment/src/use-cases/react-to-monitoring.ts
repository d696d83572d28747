import type { AlertResolved } from '@millrace/contracts';
import { decideRolloutReaction, rolledBack, stepsOf } from '@millrace/decisions';
import type { MonitoringSignal } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { RolloutRow } from '../store/rollout.row.js';
import { lockRoute } from './change-route.js';
import { openRolloutOf, rolloutStateOf } from './find-rollouts.js';
import { followDecision, inCascadeOf } from './follow-decision.js';

/** Answers what monitoring found while a rollout is open; otherwise training does. */
export async function reactToMonitoring(tx: Tx, signal: MonitoringSignal): Promise<void> {
  await lockRoute(tx, signal.event.pipeline);
  const row = await openRolloutOf(tx, signal.event.pipeline);
  const { action, because } = decideRolloutReaction(row && rolloutStateOf(row), signal);
  if (row === null || action === 'leave' || action === 'go-on') return;
  if (action === 'roll-back') return followDecision(tx, row, rolledBack(rolloutStateOf(row), because));
  await tx.save(RolloutRow, { ...row, pausedBy: row.pausedBy ?? signal.event.incident });
}

/** When the incident that held a rollout is over, its step is judged afresh: what was measured meanwhile was measured on broken data. */
export async function resumeRollout(tx: Tx, { pipeline, incident }: AlertResolved): Promise<void> {
  await lockRoute(tx, pipeline);
  const row = await openRolloutOf(tx, pipeline);
  if (row === null || row.pausedBy !== incident) return;
  const step = stepsOf(row.plan)[row.at];
  await tx.save(RolloutRow, { ...row, pausedBy: null, stepEnteredAt: tx.now });
  if (!step) return;
  const { rollout, modelVersion, previous } = row;
  const { phase, trafficRatio, needs } = step;
  tx.emit('millrace.deployment.rollout.stepped.v1', { pipeline, rollout, modelVersion, previousModelVersion: previous?.modelVersion ?? null, phase, step: row.at + 1, trafficRatio, needs }, inCascadeOf(row));
}
