import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull, readable } from '../evaluation/finding.js';
import type { MeasuredMetric } from './performance-of.js';

/** How one group of rows fares. */
export interface GroupPerformance {
  group: string;
  metrics: readonly MeasuredMetric[];
}

/** The largest difference of a metric between two groups. */
export interface FairnessGap {
  metric: string;
  /** Value of `highest` less that of `lowest`; NaN with fewer than two groups that can be told. */
  gap: number;
  /** One-sided lower confidence bound of the gap: only what lies surely above the limit is an alarm. */
  surely: number;
  highest: string | null;
  lowest: string | null;
}

const SMALLEST_GROUP_ROWS = 30;
/** A normal's one-sided quantile at 5 %. */
const ONE_SIDED = 1.6449;
/** Two-sided intervals of metrics at 5 % are this many standard errors wide on each side, about. */
const TWO_SIDED = 1.96;

/** The widest gap of a metric over groups with enough rows; groups whose metric is not defined are left out. */
export function fairnessGapOf(groups: readonly GroupPerformance[], metric: string): FairnessGap {
  const known = groups
    .flatMap(({ group, metrics }) => {
      const found = metrics.find((each) => each.metric === metric);
      return found && found.value !== null && found.rows >= SMALLEST_GROUP_ROWS ? [{ group, value: found.value, reach: reachOf(found) }] : [];
    })
    .sort((a, b) => a.value - b.value);
  const [low, high] = [known[0], known.at(-1)];
  if (!low || !high || low === high) return { metric, gap: NaN, surely: NaN, highest: null, lowest: null };
  const gap = high.value - low.value;
  return { metric, gap, surely: gap - (ONE_SIDED / TWO_SIDED) * Math.hypot(low.reach, high.reach), highest: high.group, lowest: low.group };
}

/** Whether the gap lies surely above what the pipeline allows. Fewer than two groups that can be told is no pass. */
export function judgeFairness({ metric, gap, surely, highest, lowest }: FairnessGap, largest: number): { verdict: 'in-bounds' | 'out-of-bounds' | 'cannot-say'; finding: Finding } {
  const check = `gap-of-${metric}-between-groups`;
  if (!Number.isFinite(surely)) return { verdict: 'cannot-say', finding: { check, passed: false, measured: finiteOrNull(gap), bound: largest, detail: 'Fewer than two groups have enough labelled rows in several blocks' } };
  const passed = surely <= largest;
  return { verdict: passed ? 'in-bounds' : 'out-of-bounds', finding: { check, passed, measured: gap, bound: largest, detail: `${highest} above ${lowest}, by at least ${readable(surely)}` } };
}

function reachOf({ value, lower, upper }: MeasuredMetric): number {
  return lower === null || upper === null || value === null ? NaN : Math.max(upper - value, value - lower);
}
