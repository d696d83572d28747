import { MillraceError } from '@millrace/contracts';
import type { Finding, ModelVersionWithdrawn } from '@millrace/contracts';
import { rolledBack, targetsAlone, versionRefOf } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { RolloutRow } from '../store/rollout.row.js';
import type { RouteRow } from '../store/route.row.js';
import { changeRoute, lockRoute } from './change-route.js';
import { openRolloutOf, rolloutStateOf } from './find-rollouts.js';
import { followDecision, supersede } from './follow-decision.js';

/** An operator ends the open rollout, or puts the version before the champion back. Errors: `no-rollout-in-progress` when there is nothing to go back to. */
export async function rollBackRoute(tx: Tx, pipeline: string, note: string): Promise<void> {
  const because = [{ check: 'kept-in-service', passed: false, measured: tx.cause.actor, detail: `Rolled back by ${tx.cause.actor}: ${note}` }];
  const route = await lockRoute(tx, pipeline);
  const open = await openRolloutOf(tx, pipeline);
  if (open) return followDecision(tx, route, open, rolledBack(rolloutStateOf(open), because));
  if (!route.champion || !route.predecessor) throw new MillraceError('no-rollout-in-progress', `${pipeline} has no open rollout and no version before the one that serves`);
  await restorePredecessor(tx, route, because);
}

/** A withdrawn version leaves the route, whether it is being rolled out or serves; the version before takes its place. */
export async function followWithdrawal(tx: Tx, { pipeline, modelVersion, because }: ModelVersionWithdrawn): Promise<void> {
  const route = await lockRoute(tx, pipeline);
  const waiting = await tx.lockOrNull(RolloutRow, { pipeline, modelVersion, state: 'waiting' });
  if (waiting) return supersede(tx, waiting, because);
  const open = await openRolloutOf(tx, pipeline);
  if (open?.modelVersion === modelVersion) return followDecision(tx, route, open, rolledBack(rolloutStateOf(open), because));
  if (!open && route.champion?.modelVersion === modelVersion) await restorePredecessor(tx, route, because);
}

/** The version before the champion answers again. The caller holds the route's lock. */
export async function restorePredecessor(tx: Tx, route: RouteRow, because: Finding[]): Promise<void> {
  const { pipeline, champion, predecessor } = route;
  if (!champion) return;
  const { modelVersion } = champion;
  const row = await tx.lock(RolloutRow, { pipeline, modelVersion }, 'rollout-not-found');
  await tx.save(RolloutRow, { ...row, state: 'rolled-back', because });
  await changeRoute(tx, { ...route, champion: predecessor, predecessor: null }, targetsAlone(predecessor), {});
  tx.emit('millrace.deployment.rollout.rolled-back.v1', { pipeline, rollout: row.rollout, modelVersion, restored: predecessor && versionRefOf(predecessor), because });
}
