import type { Target } from '@millrace/contracts';
import type { EmitOptions, Tx } from '@millrace/runtime';
import { RouteRow } from '../store/route.row.js';

/** The pipeline's route, locked: whoever holds it may change the pipeline's rollouts. A pipeline without one gets an empty route. */
export async function lockRoute(tx: Tx, pipeline: string): Promise<RouteRow> {
  const found = await tx.lockOrNull(RouteRow, { pipeline });
  if (found) return found;
  await tx.lockKey(`route:${pipeline}`);
  const row: RouteRow = { pipeline, revision: 0, targets: [], champion: null, predecessor: null, heldBy: null };
  return (await tx.lockOrNull(RouteRow, { pipeline })) ?? insertRoute(tx, row);
}

/** Puts targets on a route under the next revision and tells inference. */
export async function changeRoute(tx: Tx, route: RouteRow, targets: Target[], cascade: EmitOptions): Promise<RouteRow> {
  const changed: RouteRow = { ...route, revision: route.revision + 1, targets };
  await tx.save(RouteRow, changed);
  tx.emit('millrace.deployment.route.changed.v1', { pipeline: route.pipeline, revision: changed.revision, targets }, cascade);
  return changed;
}

async function insertRoute(tx: Tx, row: RouteRow): Promise<RouteRow> {
  await tx.insert(RouteRow, row);
  return row;
}
