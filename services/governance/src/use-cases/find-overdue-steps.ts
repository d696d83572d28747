import type { ReadTx } from '@millrace/runtime';
import { CascadeStepRow } from '../store/cascade-step.row.js';

/** Most steps reported at a time. */
const PORTION = 100;

/** Steps that are overdue and not reported yet, and the milliseconds until the next one can be (null: none is awaited). */
export interface Overdue {
  readonly steps: readonly CascadeStepRow[];
  readonly nextInMs: number | null;
}

/** Looks for steps that are overdue. */
export async function findOverdueSteps(tx: ReadTx): Promise<Overdue> {
  const open = await tx.query<{ entity: string; after: string; due_at: Date }>(
    `select entity, after, due_at from cascade_steps where answered_at is null and stalled_at is null and due_at is not null order by due_at limit ${PORTION}`,
  );
  const overdue = open.filter(({ due_at }) => due_at <= tx.now);
  const next = open.at(overdue.length)?.due_at;
  const steps = overdue.length === 0 ? [] : await tx.findMany(CascadeStepRow, { where: overdue.map(({ entity, after }) => ({ entity, after })) });
  return { steps, nextInMs: overdue.length === PORTION ? 0 : next ? next.getTime() - tx.now.getTime() : null };
}
