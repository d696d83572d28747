import type { OperationInput, Rollout, Route } from '@millrace/contracts';
import { stepsOf, versionRefOf } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { RolloutRow } from '../store/rollout.row.js';
import { RouteRow } from '../store/route.row.js';

/** Rollouts, latest first. */
export async function listRollouts(tx: ReadTx, { pipeline, limit }: OperationInput<'listRollouts'>): Promise<Rollout[]> {
  const rows = await tx.findMany(RolloutRow, { where: pipeline === undefined ? {} : { pipeline }, order: { createdAt: 'DESC' }, take: limit });
  return rows.map(rolloutOf);
}

/** One rollout. Errors: `rollout-not-found`. */
export async function showRollout(tx: ReadTx, rollout: string): Promise<Rollout> {
  return rolloutOf(await tx.get(RolloutRow, { rollout }, 'rollout-not-found'));
}

/** The present route of every pipeline. */
export async function listRoutes(tx: ReadTx): Promise<Route[]> {
  return (await tx.findMany(RouteRow, { order: { pipeline: 'ASC' } })).map(routeOf);
}

/** The present route of a pipeline. Errors: `model-not-served` when it never had one. */
export async function showRoute(tx: ReadTx, pipeline: string): Promise<Route> {
  return routeOf(await tx.get(RouteRow, { pipeline }, 'model-not-served'));
}

function routeOf({ pipeline, revision, targets }: RouteRow): Route {
  return { pipeline, revision, targets };
}

function rolloutOf(row: RolloutRow): Rollout {
  const { pipeline, rollout, modelVersion, state, at, pausedBy, plan, steps, because, candidate, previous, createdAt, endedAt } = row;
  const share = { waiting: 0, completed: 1, 'rolled-back': 0, superseded: 0 };
  return {
    pipeline,
    rollout,
    modelVersion,
    run: candidate.run,
    previous: previous && versionRefOf(previous),
    state,
    step: at + 1,
    trafficRatio: state === 'shadow' || state === 'canary' || state === 'bake' ? (stepsOf(plan)[at]?.trafficRatio ?? 0) : share[state],
    paused: pausedBy !== null,
    plan,
    steps,
    because,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
