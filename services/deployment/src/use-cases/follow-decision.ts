import type { Finding, RolloutStepRecord } from '@millrace/contracts';
import { decideRolloutStart, targetsAlone, targetsOf, versionRefOf } from '@millrace/decisions';
import type { RolloutDecision, RolloutState, RolloutStep } from '@millrace/decisions';
import type { EmitOptions, Tx } from '@millrace/runtime';
import { RolloutRow } from '../store/rollout.row.js';
import type { RouteRow } from '../store/route.row.js';
import { changeRoute } from './change-route.js';
import { openRolloutOf, rolloutStateOf } from './find-rollouts.js';
import { tellOfPause } from './tell-of-pause.js';

/** Does what was decided about a rollout: moves its row, its route (which is locked), and tells the world. After its end the next one begins. */
export async function followDecision(tx: Tx, route: RouteRow, row: RolloutRow, { next, because }: RolloutDecision): Promise<void> {
  if (next.state === 'open') return enterStep(tx, route, row, next.rollout, next.step, because);
  await beginNextRollout(tx, await (next.state === 'completed' ? complete(tx, route, row, because) : rollBack(tx, route, row, because)));
}

/** Begins the newest rollout that waits, unless one is open; older ones that wait are superseded by it. */
export async function beginNextRollout(tx: Tx, route: RouteRow): Promise<void> {
  const { pipeline } = route;
  if (await openRolloutOf(tx, pipeline)) return;
  const [newest, ...older] = await tx.lockMany(RolloutRow, { where: { pipeline, state: 'waiting' }, order: { modelVersion: 'DESC' } });
  if (!newest) return;
  const because = [{ check: 'newest-approved-version', passed: false, measured: newest.modelVersion, detail: `Version ${newest.modelVersion} was approved later` }];
  for (const row of older) await supersede(tx, row, because);
  const row: RolloutRow = { ...newest, previous: route.champion, pausedBy: route.heldBy };
  const { rollout, modelVersion, plan, candidate, cascade } = row;
  const previous = row.previous && versionRefOf(row.previous);
  tx.emit('millrace.deployment.rollout.started.v1', { pipeline, rollout, modelVersion, run: candidate.run, previous, plan }, cascade);
  await followDecision(tx, route, row, decideRolloutStart(rolloutStateOf(row)));
  const isHeld = [{ check: 'data-are-sound', passed: false, measured: route.heldBy, detail: 'The data were broken when the rollout began' }];
  if (route.heldBy !== null && previous !== null) tellOfPause(tx, { ...row, at: 0 }, route.heldBy, isHeld, inCascadeOf(row));
}

/** A rollout that waited will not begin. Its cascade ends here, and says so. */
export async function supersede(tx: Tx, row: RolloutRow, because: Finding[]): Promise<void> {
  const { pipeline, rollout, modelVersion } = row;
  await tx.save(RolloutRow, { ...row, state: 'superseded', because, endedAt: tx.now });
  tx.emit('millrace.deployment.rollout.superseded.v1', { pipeline, rollout, modelVersion, because }, inCascadeOf(row));
}

async function enterStep(tx: Tx, route: RouteRow, row: RolloutRow, rollout: RolloutState, step: RolloutStep, because: Finding[]): Promise<void> {
  const { pipeline, candidate, previous } = row;
  const cascade = inCascadeOf(row);
  if (!previous) return void (await complete(tx, route, row, because));
  const record: RolloutStepRecord = { phase: step.phase, step: rollout.at + 1, trafficRatio: step.trafficRatio, enteredAt: tx.now.toISOString(), verdict: null, because: [] };
  const steps = [...judged(row.steps, 'pass', because), record];
  await tx.save(RolloutRow, { ...row, state: step.phase, at: rollout.at, inconclusive: 0, steps, stepEnteredAt: tx.now });
  await changeRoute(tx, route, targetsOf(step, candidate, previous), cascade);
  tx.emit(
    'millrace.deployment.rollout.stepped.v1',
    {
      pipeline,
      rollout: row.rollout,
      modelVersion: candidate.modelVersion,
      previousModelVersion: previous.modelVersion,
      phase: step.phase,
      step: rollout.at + 1,
      trafficRatio: step.trafficRatio,
      needs: step.needs,
    },
    cascade,
  );
}

async function complete(tx: Tx, route: RouteRow, row: RolloutRow, because: Finding[]): Promise<RouteRow> {
  const { pipeline, rollout, modelVersion, candidate, previous } = row;
  const cascade = inCascadeOf(row);
  await tx.save(RolloutRow, { ...row, state: 'completed', steps: judged(row.steps, 'pass', because), because, pausedBy: null, endedAt: tx.now });
  const changed = await changeRoute(tx, { ...route, champion: candidate, predecessor: previous }, targetsAlone(candidate), cascade);
  tx.emit('millrace.deployment.rollout.completed.v1', { pipeline, rollout, modelVersion, run: candidate.run, previous: previous && versionRefOf(previous) }, cascade);
  return changed;
}

async function rollBack(tx: Tx, route: RouteRow, row: RolloutRow, because: Finding[]): Promise<RouteRow> {
  const { pipeline, rollout, modelVersion, previous } = row;
  const cascade = inCascadeOf(row);
  await tx.save(RolloutRow, { ...row, state: 'rolled-back', steps: judged(row.steps, 'fail', because), because, pausedBy: null, endedAt: tx.now });
  const changed = await changeRoute(tx, { ...route, champion: previous }, targetsAlone(previous), cascade);
  tx.emit('millrace.deployment.rollout.rolled-back.v1', { pipeline, rollout, modelVersion, restored: previous && versionRefOf(previous), because }, cascade);
  return changed;
}

/** A rollout's events stay in its cascade; what made each of them is the event in hand: an analysis, or what monitoring found. */
export function inCascadeOf({ cascade: { correlationId, pipelineVersion } }: Pick<RolloutRow, 'cascade'>): EmitOptions {
  return { correlationId, ...(pipelineVersion !== undefined && { pipelineVersion }) };
}

/** The steps so far, the last one with its verdict. */
function judged(steps: readonly RolloutStepRecord[], verdict: 'pass' | 'fail', because: Finding[]): RolloutStepRecord[] {
  return steps.map((step, index) => (index === steps.length - 1 ? { ...step, verdict, because } : step));
}
