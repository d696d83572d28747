import type { Hold } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { HoldRow } from '../store/hold.row.js';

/** Holds of a pipeline, newest first. */
export async function listHolds(tx: ReadTx, pipeline: string): Promise<Hold[]> {
  const rows = await tx.findMany(HoldRow, { where: { pipeline }, order: { placedAt: 'DESC' } });
  return rows.map(describeHold);
}

export function describeHold({ hold, pipeline, incident, state, placedAt, liftedAt, excluded, because }: HoldRow): Hold {
  return { hold, pipeline, incident, state, placedAt: placedAt.toISOString(), liftedAt: liftedAt?.toISOString() ?? null, excluded, because };
}
