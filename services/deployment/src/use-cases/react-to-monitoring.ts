import type { AlertResolved, Finding } from '@millrace/contracts';
import { decideRolloutReaction, rolledBack } from '@millrace/decisions';
import type { MonitoringSignal } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { RouteRow } from '../store/route.row.js';
import { lockRoute } from './change-route.js';
import { openRolloutOf, rolloutStateOf } from './find-rollouts.js';
import { followDecision } from './follow-decision.js';
import { backToShadow, pauseRollout, resumeStep } from './pause-rollout.js';
import { restorePredecessor } from './roll-back-route.js';

/** Answers what monitoring found as the pipeline wants in this phase; without an open rollout training does, but where the version before is wanted back. */
export async function reactToMonitoring(tx: Tx, signal: MonitoringSignal): Promise<void> {
  const { pipeline, incident } = signal.event;
  const found = await lockRoute(tx, pipeline);
  const known = await tx.find(PipelineRow, { pipeline });
  if (!known) return;
  const isBroken = signal.kind === 'drift' && signal.event.diagnosis === 'data-incident';
  const route = isBroken ? { ...found, heldBy: incident } : found;
  if (isBroken) await tx.save(RouteRow, route);
  const row = await openRolloutOf(tx, pipeline);
  const { action, because } = decideRolloutReaction(row && rolloutStateOf(row), signal, known.definition.reactions);
  if (action === 'restore' && route.predecessor) return restorePredecessor(tx, route, [incidentOf(signal), ...because]);
  if (row === null || action === 'leave' || action === 'go-on') return;
  if (action === 'roll-back') return followDecision(tx, route, row, rolledBack(rolloutStateOf(row), [incidentOf(signal), ...because]));
  if (action === 'shadow') return backToShadow(tx, route, row, incident, because);
  return pauseRollout(tx, row, incident, because);
}

/** When the incident that held a rollout is over, its step is judged afresh: what was measured meanwhile was measured on broken data. */
export async function resumeRollout(tx: Tx, { pipeline, incident }: AlertResolved): Promise<void> {
  const route = await lockRoute(tx, pipeline);
  if (route.heldBy === incident) await tx.save(RouteRow, { ...route, heldBy: null });
  const row = await openRolloutOf(tx, pipeline);
  if (row?.pausedBy === incident) await resumeStep(tx, row);
}

function incidentOf({ kind, event: { incident } }: MonitoringSignal): Finding {
  return { check: 'no-incident', passed: false, measured: incident, detail: kind === 'drift' ? 'Inputs or answers moved' : 'Measured performance fell' };
}
