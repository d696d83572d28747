import { divergenceByName, shapeDistanceOf } from './column-distance.js';
import { percentilesOf, rowsOf } from './column-tally.js';
import { signOf } from './incident-sign.js';
import type { IncidentSign } from './incident-sign.js';
import type { ColumnReference } from './reference-of.js';
import type { ColumnTally, PinnedColumn, WindowProfile } from './window-profile.js';

/** Share of the distance from the own reference that may remain to the other column's. */
const LARGEST_REMAINDER = 1 / 3;

/**
 * Pairs of columns that changed places: each is out of bounds and lies by its values near the other's reference, three times nearer
 * than to its own.
 * @param outOfBounds references of the columns that are out of bounds
 */
export function swappedColumns(window: WindowProfile, outOfBounds: readonly ColumnReference[]): IncidentSign[] {
  const signs: IncidentSign[] = [];
  outOfBounds.forEach((a, i) => {
    for (const b of outOfBounds.slice(i + 1)) if (isLike(window, a, b) && isLike(window, b, a)) signs.push(...[a, b].map((one) => swapSign(window, one, one === a ? b : a)));
  });
  return signs;
}

function isLike(window: WindowProfile, one: ColumnReference, other: ColumnReference): boolean {
  const tally = window.columns[one.column.name];
  if (!tally || one.column.kind !== other.column.kind) return false;
  return distanceTo(tally, one.column, other) <= LARGEST_REMAINDER * distanceTo(tally, one.column, one);
}

/** Of values counted as one column's from the reference of a column of the same kind. */
function distanceTo(tally: ColumnTally, as: PinnedColumn, { column, pooled }: ColumnReference): number {
  if (as.kind !== 'numeric' || column.kind !== 'numeric') return divergenceByName(tally, pooled);
  const ratio = as.size / column.size;
  return shapeDistanceOf(percentilesOf(tally).map((value) => value * ratio), percentilesOf(pooled)) / ratio;
}

function swapSign(window: WindowProfile, one: ColumnReference, other: ColumnReference): IncidentSign {
  const [name, otherName] = [one.column.name, other.column.name];
  const tally = window.columns[name];
  const rows = tally ? rowsOf(tally) : 0;
  return { ...signOf('swapped-columns', name, NaN, NaN, rows, `${name} has the values of ${otherName}, and the other way round`), began: window.from, ended: window.to };
}
