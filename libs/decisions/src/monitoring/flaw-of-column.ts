import type { Finding } from '../evaluation/finding.js';
import { rowsOf } from './column-tally.js';
import type { ColumnReference } from './reference-of.js';
import type { WindowProfile } from './window-profile.js';

/** Share of the reference's rows in categories of their own from which on a column names rows instead of describing them. */
const NAMES_ROWS = 0.5;

/** Why a column cannot be judged: never a silent pass. Null when it can. */
export function flawOfColumn({ column, pooled }: Pick<ColumnReference, 'column' | 'pooled'>, window: Pick<WindowProfile, 'columns'>): Finding | null {
  const present = rowsOf(pooled) - pooled.missing;
  if (present === 0) return flaw(column.name, 'The reference has no value of this column');
  if (!window.columns[column.name]) return flaw(column.name, 'The prediction log does not have this column');
  if (column.kind === 'category' && column.known.length >= NAMES_ROWS * present) return flaw(column.name, 'Nearly every row of the reference has a category of its own');
  return null;
}

function flaw(column: string, detail: string): Finding {
  return { check: `can-judge-${column}`, passed: false, measured: null, bound: null, detail };
}
