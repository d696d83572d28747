import { addSums, nameOfBin } from './bin-means.js';
import type { SumsByBin } from './bin-means.js';
import { rowsOf } from './column-tally.js';
import type { ColumnReference } from './reference-of.js';
import type { ColumnTally } from './window-profile.js';

/**
 * What the shift of each column does to a mean (of the predictions, of the losses): sum over bins of (share now - usual share) times the
 * mean in that bin. Each column for itself, so that columns that moved together each show the whole effect.
 * @returns the parts with sign; their absolute values add up to 1. Columns of which nothing is known are left out
 */
export function sharesOfChange(columns: readonly { reference: ColumnReference; window: ColumnTally; sums: SumsByBin | undefined }[]): Map<string, number> {
  const effects = columns.flatMap(({ reference, window, sums }) => (sums ? [[reference.column.name, effectOf(reference.pooled, window, sums)] as const] : []));
  const total = effects.reduce((sum, [, effect]) => sum + Math.abs(effect), 0);
  return new Map(effects.flatMap(([name, effect]) => (total > 0 ? [[name, effect / total]] : [])));
}

function effectOf(reference: ColumnTally, window: ColumnTally, { rows, sums }: SumsByBin): number {
  const overall = sums.reduce((a, b) => a + b, 0) / Math.max(1, rows.reduce((a, b) => a + b, 0));
  const usual = [...reference.counts, reference.missing];
  return [...window.counts, window.missing].reduce((effect, count, bin) => {
    const mean = (rows[bin] ?? 0) > 0 ? (sums[bin] ?? 0) / (rows[bin] ?? 1) : overall;
    return effect + (count / rowsOf(window) - (usual[bin] ?? 0) / rowsOf(reference)) * mean;
  }, 0);
}

/** The bin of a column whose share grew most: what came instead of the usual. */
export function grownBinOf(reference: ColumnTally, window: ColumnTally): number {
  const usual = [...reference.counts, reference.missing];
  const growth = [...window.counts, window.missing].map((count, bin) => count / rowsOf(window) - (usual[bin] ?? 0) / rowsOf(reference));
  return growth.indexOf(Math.max(...growth));
}

/** A part of the predictions, by one column, whose losses grew. */
export interface LossSegment {
  column: string;
  values: string;
  rows: number;
  meanLoss: number;
  usualMeanLoss: number;
  /** Part of the whole growth of the mean loss that falls into it; the parts of one column add up to 1. */
  share: number;
}

const FEWEST_ROWS = 20;
const MOST_SEGMENTS = 5;

/** The segments in which losses grew most beyond what they grew by everywhere, for their rows. */
export function worstSegments(columns: readonly Pick<ColumnReference, 'column'>[], changed: readonly Record<string, SumsByBin>[], usual: readonly Record<string, SumsByBin>[]): LossSegment[] {
  const segments = columns.flatMap(({ column }) => {
    const [now, before] = [changed, usual].map((windows) => addSums(windows.flatMap((window) => window[column.name] ?? [])));
    if (!now || !before) return [];
    const all = now.rows.reduce((sum, rows) => sum + rows, 0);
    const parts = now.rows.flatMap((rows, bin) => {
      const beforeRows = before.rows[bin] ?? 0;
      if (rows < FEWEST_ROWS || beforeRows < FEWEST_ROWS) return [];
      const [meanLoss, usualMeanLoss] = [(now.sums[bin] ?? 0) / rows, (before.sums[bin] ?? 0) / beforeRows];
      return [{ column: column.name, values: nameOfBin(column, bin), rows, meanLoss, usualMeanLoss, share: (rows / all) * (meanLoss - usualMeanLoss) }];
    });
    const growth = parts.reduce((sum, { share }) => sum + share, 0);
    return parts.map((part) => ({ ...part, share: growth === 0 ? 0 : part.share / growth, beyond: (part.meanLoss - part.usualMeanLoss - growth) * Math.sqrt(part.rows) }));
  });
  return segments
    .filter(({ meanLoss, usualMeanLoss }) => meanLoss > usualMeanLoss)
    .sort((a, b) => b.beyond - a.beyond)
    .slice(0, MOST_SEGMENTS)
    .map(({ beyond: _beyond, ...segment }) => segment);
}
