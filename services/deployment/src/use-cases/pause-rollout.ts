import { MillraceError } from '@millrace/contracts';
import type { Finding } from '@millrace/contracts';
import { decideNextStep, stepsOf, targetsOf } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { RolloutRow } from '../store/rollout.row.js';
import type { RouteRow } from '../store/route.row.js';
import { changeRoute, lockRoute } from './change-route.js';
import { rolloutStateOf } from './find-rollouts.js';
import { followDecision, inCascadeOf } from './follow-decision.js';
import { A_PERSON, tellOfPause } from './tell-of-pause.js';

/** Holds a rollout where it is until the incident is over; the first one that holds it counts. The caller holds the route's lock. */
export async function pauseRollout(tx: Tx, row: RolloutRow, pausedBy: string, because: Finding[]): Promise<void> {
  if (row.pausedBy !== null) return;
  await tx.save(RolloutRow, { ...row, pausedBy });
  tellOfPause(tx, row, pausedBy, because, inCascadeOf(row));
}

/** The version before answers everything again, the new one in shadow, until the incident is over; then it begins anew from there. */
export async function backToShadow(tx: Tx, route: RouteRow, row: RolloutRow, incident: string, because: Finding[]): Promise<void> {
  const [shadow] = stepsOf(row.plan);
  if (!shadow || !row.previous) return;
  const left = row.steps.map((step, index) => (index === row.steps.length - 1 ? { ...step, because } : step));
  const record = { phase: shadow.phase, step: 1, trafficRatio: 0, enteredAt: tx.now.toISOString(), verdict: null, because: [] };
  const back: RolloutRow = { ...row, state: 'shadow', at: 0, pausedBy: row.pausedBy ?? incident, inconclusive: 0, steps: [...left, record] };
  await tx.save(RolloutRow, back);
  await changeRoute(tx, route, targetsOf(shadow, row.candidate, row.previous), inCascadeOf(row));
  tellOfPause(tx, back, incident, because, inCascadeOf(row));
}

/** The present step is judged afresh from now on. */
export async function resumeStep(tx: Tx, row: RolloutRow): Promise<void> {
  const step = stepsOf(row.plan)[row.at];
  await tx.save(RolloutRow, { ...row, pausedBy: null, stepEnteredAt: tx.now });
  if (!step) return;
  const { pipeline, rollout, modelVersion, previous } = row;
  const { phase, trafficRatio, needs } = step;
  tx.emit('millrace.deployment.rollout.stepped.v1', { pipeline, rollout, modelVersion, previousModelVersion: previous?.modelVersion ?? null, phase, step: row.at + 1, trafficRatio, needs }, inCascadeOf(row));
}

/** A person lets a paused rollout go on: to the next step when a good shadow asked, else the present step is judged afresh. Errors: `rollout-not-found`, `rollout-not-paused`. */
export async function continueRollout(tx: Tx, rollout: string, note: string): Promise<void> {
  const { pipeline } = await tx.get(RolloutRow, { rollout }, 'rollout-not-found');
  const route = await lockRoute(tx, pipeline);
  const row = await tx.lock(RolloutRow, { rollout }, 'rollout-not-found');
  if (row.endedAt !== null || row.pausedBy === null) throw new MillraceError('rollout-not-paused', `The rollout is ${row.state}`, { state: row.state });
  if (row.pausedBy !== A_PERSON) return resumeStep(tx, row);
  const because = [{ check: 'approved-by-a-person', passed: true, measured: tx.cause.actor, detail: note }];
  const free: RolloutRow = { ...row, pausedBy: null, plan: { ...row.plan, asksAfterShadow: false } };
  const decision = decideNextStep(rolloutStateOf(free), { step: row.at + 1, verdict: 'pass', because });
  if (decision) await followDecision(tx, route, free, decision);
}
