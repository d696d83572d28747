import type { IncidentKind } from './decide-incident.js';

/** How windows are judged; from the pipeline's `monitoring` part by `monitoringPolicyOf`. */
export interface MonitoringPolicy {
  /** So many windows out of bounds among the last `of` raise an alarm. A data incident alarms at the first. */
  alarmAfter: number;
  of: number;
  /** False alarms about inputs that the budget allows per window. */
  alarmsPerWindow: number;
  /** Chance that a window of an unchanged world is out of bounds where that is judged by Student's t: losses, scores, short references. */
  alphaPerWindow: number;
  /** The same for what is measured besides, all measures together, and for expected losses. */
  alphaOfMeasures: number;
  alphaOfEstimates: number;
  /** Windows with fewer rows are not judged. */
  minimumRows: number;
  /** Reference windows needed before anything is judged. */
  minimumReferenceWindows: number;
  /** An incident is over when so many windows in a row were in bounds again. */
  resolveAfter: Record<IncidentKind, number>;
}

/** The pipeline's `monitoring` part, as its contract has it; the budget is the pipeline's own or its share of the project's. */
export interface MonitoringRules {
  windowMs: number;
  alarmAfter: number;
  of: number;
  falseAlarms: { count: number; perMs: number };
}

const MINIMUM_ROWS = 30;
const MINIMUM_REFERENCE_WINDOWS = 3;
const RESOLVE_AFTER = { data: 2, drift: 7, performance: 7, labels: 3, estimate: 2, measure: 7, fairness: 7 } as const;
const LARGEST_ALPHA = 0.1;
/** How the budget of false alarms is split. Gaps between groups are held against a declared limit and take none of it. */
export const BUDGET_SHARES = { inputs: 1 / 2, losses: 3 / 8, measures: 1 / 16, estimates: 1 / 16 } as const;
/** Windows share one reference and resemble their neighbours, so that they leave the bounds together more often than by chance. */
const DEPENDENCE = 0.5;

/**
 * Spreads the budget of false alarms over the windows: an alarm takes `alarmAfter` of `of` windows, so that one window may be
 * out of bounds with half of the probability p for which choose(of, alarmAfter) * p^alarmAfter is the budget of one window. Losses are
 * judged by two rules that halve it once more, which keeps them within their share.
 */
export function monitoringPolicyOf({ windowMs, alarmAfter, of, falseAlarms }: MonitoringRules): MonitoringPolicy {
  const budget = Math.min(1, (falseAlarms.count * windowMs) / falseAlarms.perMs);
  const alphaOf = (share: number): number => Math.min(LARGEST_ALPHA, DEPENDENCE * ((share * budget) / choose(of, alarmAfter)) ** (1 / alarmAfter));
  return {
    alarmAfter,
    of,
    alarmsPerWindow: BUDGET_SHARES.inputs * budget,
    alphaPerWindow: alphaOf(1),
    alphaOfMeasures: alphaOf(BUDGET_SHARES.measures),
    alphaOfEstimates: alphaOf(BUDGET_SHARES.estimates),
    minimumRows: MINIMUM_ROWS,
    minimumReferenceWindows: MINIMUM_REFERENCE_WINDOWS,
    resolveAfter: RESOLVE_AFTER,
  };
}

function choose(n: number, k: number): number {
  return Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1);
}
