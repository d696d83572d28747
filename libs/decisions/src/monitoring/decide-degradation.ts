import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';
import { meanOf } from '../statistics/moments.js';
import { alarmRunOf } from './alarm-run.js';
import type { RunWindow } from './alarm-run.js';
import { upperBoundOfNext } from './bound-of-next.js';
import type { LossWindow } from './loss-window.js';
import { BUDGET_SHARES } from './monitoring-policy.js';
import type { MonitoringPolicy } from './monitoring-policy.js';

export interface DegradationDecision {
  verdict: 'degraded' | 'normal' | 'cannot-say';
  changePoint: string | null;
  /** Mean loss of the newest window and what it may be; the bound is NaN while the reference is too short. */
  measured: number;
  bound: number;
  because: Finding[];
}

/** Windows that are averaged to find a small, lasting loss that no single window shows. */
const LONG_RUN = 7;
/** Differences below this part of the mean loss are never called degradation, nor windows more alike than that. */
const SMALLEST_RELATIVE_CHANGE = 0.01;

/**
 * Decides whether a model predicts worse than its reference: the losses of whole windows (its hold-out and its first served
 * windows), since windows differ among themselves. Either `alarmAfter` of the last `of` windows exceed the bound of one window,
 * or the mean of the last seven exceeds the bound of a mean of seven; each takes half of the budget of false alarms.
 * @param matured windows after the reference whose labels are known, oldest first; the newest is the one to judge
 */
export function decideDegradation(reference: readonly LossWindow[], matured: readonly LossWindow[], policy: MonitoringPolicy): DegradationDecision {
  const usual = reference.filter(({ rows }) => rows >= policy.minimumRows).map(({ meanLoss }) => meanLoss);
  const judged = matured.filter(({ rows }) => rows >= policy.minimumRows);
  const newest = judged.at(-1);
  if (!newest || usual.length < policy.minimumReferenceWindows) return cannotSay(usual.length, newest, policy);
  const smallestDeviation = SMALLEST_RELATIVE_CHANGE * meanOf(usual);
  const bound = upperBoundOfNext(usual, policy.alphaPerWindow / 2, { smallestDeviation });
  const windows = judged.map((window): RunWindow => ({ from: window.from, verdict: window.meanLoss > bound ? 'out-of-bounds' : 'in-bounds' }));
  const run = alarmRunOf(windows, policy);
  const slow = judgeLongRun(usual, judged, bound, { alpha: policy.alphaPerWindow / 2, smallestDeviation });
  const because = [
    lossFinding(newest, bound),
    { check: 'windows-out-of-bounds', passed: !run.alarmed, measured: run.outOfBounds, bound: policy.alarmAfter, detail: `of the last ${policy.of} windows` },
    ...(slow ? [slow.finding] : []),
    promiseOf(usual.length, policy),
  ];
  const base = { measured: newest.meanLoss, bound, because };
  if (run.alarmed) return { ...base, verdict: 'degraded', changePoint: run.changePoint };
  if (slow && !slow.finding.passed) return { ...base, verdict: 'degraded', changePoint: slow.changePoint };
  return { ...base, verdict: 'normal', changePoint: null };
}

/** A single bad window counts no more than its own bound: it does not make a lasting loss. */
function judgeLongRun(usual: readonly number[], judged: readonly LossWindow[], oneWindowBound: number, { alpha, smallestDeviation }: { alpha: number; smallestDeviation: number }) {
  const last = judged.slice(-LONG_RUN);
  if (last.length < LONG_RUN) return null;
  const mean = meanOf(last.map(({ meanLoss }) => Math.min(meanLoss, oneWindowBound)));
  const bound = upperBoundOfNext(usual, alpha, { next: LONG_RUN, smallestDeviation });
  const finding: Finding = {
    check: `mean-loss-of-last-${LONG_RUN}-windows`,
    passed: mean <= bound,
    measured: finiteOrNull(mean),
    bound: finiteOrNull(bound),
    blocks: LONG_RUN,
    rows: last.reduce((sum, { rows }) => sum + rows, 0),
  };
  return { finding, changePoint: lastingChangeOf(judged.slice(-2 * LONG_RUN), meanOf(usual)) };
}

/** Where losses began to lie above the usual mean: behind the lowest point of the running sum of their differences. */
function lastingChangeOf(judged: readonly LossWindow[], usualMean: number): string | null {
  let sum = 0;
  let lowest = 0;
  let begin = judged[0]?.from ?? null;
  judged.forEach(({ meanLoss }, i) => {
    sum += meanLoss - usualMean;
    if (sum >= lowest) return;
    lowest = sum;
    begin = judged[i + 1]?.from ?? null;
  });
  return begin;
}

function lossFinding({ meanLoss, rows }: LossWindow, bound: number): Finding {
  return { check: 'mean-loss-of-window', passed: meanLoss <= bound, measured: finiteOrNull(meanLoss), bound: finiteOrNull(bound), rows };
}

/** Of W reference windows and a rule over L windows no more can be promised than one false alarm in W + L windows, whatever the bound. */
function promiseOf(referenceWindows: number, { alarmsPerWindow, of }: MonitoringPolicy): Finding {
  const declared = Math.round(BUDGET_SHARES.inputs / (BUDGET_SHARES.losses * alarmsPerWindow));
  const honest = referenceWindows + of;
  const passed = honest >= declared;
  const detail = passed ? undefined : `Cannot promise one false alarm about losses in ${declared} windows by ${referenceWindows} reference windows: the widest honest promise is one in ${honest}`;
  return { check: 'promise-of-false-alarms', passed, measured: honest, bound: declared, blocks: referenceWindows, ...(detail ? { detail } : {}) };
}

function cannotSay(referenceWindows: number, newest: LossWindow | undefined, policy: MonitoringPolicy): DegradationDecision {
  const finding: Finding = newest
    ? { check: 'windows-of-reference', passed: false, measured: referenceWindows, bound: policy.minimumReferenceWindows, detail: 'Too few reference windows with matured labels' }
    : { check: 'rows-of-window', passed: false, measured: 0, bound: policy.minimumRows, detail: 'No window has enough matured labels' };
  return { verdict: 'cannot-say', changePoint: null, measured: newest?.meanLoss ?? NaN, bound: NaN, because: [finding] };
}
