import type { Finding } from '../evaluation/finding.js';
import type { RolloutPhase } from './who-answers.js';
import type { ServingReaction } from './serving-reaction.js';
import { whoAnswers } from './who-answers.js';

export type TriggerCause = 'first-version' | 'drift' | 'performance' | 'schedule' | 'person';
export type Diagnosis = 'data-incident' | 'covariate' | 'concept' | 'label-shift' | 'cannot-say';
export type TriggerDecision = 'train' | 'wait-for-labels' | 'hold' | 'ignore' | 'ask-a-person';

/** Why a run might be needed. Times in milliseconds since 1970, event time. */
export interface TriggerSignal {
  cause: TriggerCause;
  /** Of a drift signal. */
  diagnosis: Diagnosis | null;
  /** Since when the world is another one; null when the cause knows of none. */
  changePointMs: number | null;
  /** The version that it was found about; null when it is about none. */
  modelVersion: number | null;
}

/** The last run whose model was not better than the champion. */
export interface Refusal {
  changePointMs: number | null;
  /** Matured rows behind its change point when it was requested. */
  maturedRows: number;
}

/** Everything else the decision looks at. Times in milliseconds since 1970, event time. */
export interface TriggerSituation {
  phase: RolloutPhase;
  /** The version that serves while no rollout is open; null: none yet. */
  champion: number | null;
  /** Incidents that hold this pipeline. */
  openHolds: readonly string[];
  /** A run that is under way, or another trigger that waits. */
  openRun: string | null;
  /** What the pipeline file wants done about this cause. */
  reaction: ServingReaction;
  /** Event time now: the smaller watermark of spine and label data set. */
  nowMs: number | null;
  maturedRows: number;
  neededRows: number;
  /** Rows before the hold-out and its embargo, and how many of them a run needs. */
  trainable: { rows: number; needed: number };
  /** When waiting for labels began; null when it has not. */
  waitingSinceMs: number | null;
  labelDeadlineMs: number;
  /** When the last run of this pipeline was requested; null: never. */
  lastRunMs: number | null;
  coolDownMs: number;
  /** When runs that signals started were requested. */
  signalRunsMs: readonly number[];
  /** Runs that signals may start; null: no more than the cool-down lets through. */
  runBudget: { count: number; perMs: number } | null;
  /** Matured rows that must be new before a refused change is tried again. */
  rowsToTryAgain: number;
  lastRefusal: Refusal | null;
  /** Whether a run of this very trigger was refused. */
  retried: boolean;
}

export interface TriggerAnswer {
  decision: TriggerDecision;
  because: Finding[];
}

type Rule = (signal: TriggerSignal, situation: TriggerSituation) => TriggerAnswer | null;

/**
 * What to do about a signal: train, wait until enough outcomes behind the change point are final, hold because the data
 * are broken, ignore, or ask a person. The first rule that speaks decides, and says by which numbers.
 */
export function decideTrigger(signal: TriggerSignal, situation: TriggerSituation): TriggerAnswer {
  for (const rule of rules) {
    const spoken = rule(signal, situation);
    if (spoken) return spoken;
  }
  return { decision: 'train', because: [maturedRows(situation)] };
}

const rules: readonly Rule[] = [
  ({ diagnosis }) =>
    diagnosis === 'data-incident' ? answer('hold', 'data-are-sound', 'The data are broken, nothing is learned from them') : null,
  (signal, situation) => (whoAnswers(situation.phase, situation.reaction) === 'deployment' ? leftToDeployment(signal, situation) : null),
  ({ cause }, { reaction }) =>
    reaction === 'hold' && isSignal(cause) ? answer('hold', 'reaction-is-retrain', 'The pipeline asks to hold training') : null,
  (_, { openHolds }) =>
    openHolds.length > 0 ? answer('hold', 'no-hold-open', `Held by ${openHolds.join(', ')}`) : null,
  ({ cause }, { reaction }) =>
    reaction === 'alert' && isSignal(cause) ? answer('ask-a-person', 'reaction-is-retrain', 'The pipeline asks for an alert only') : null,
  (_, { openRun }) => (openRun ? answer('ignore', 'no-run-under-way', `${openRun} is under way`) : null),
  coolsDown,
  keepsToBudget,
  remembersRefusal,
  waitsForLabels,
];

/** What is found about the version that a rollout would replace waits for the rollout's end: a new champion answers it, one that is taken back does not. */
function leftToDeployment({ cause, modelVersion }: TriggerSignal, { phase, champion }: TriggerSituation): TriggerAnswer {
  if (phase === 'none') return answer('ignore', 'reaction-is-retrain', 'The pipeline asks for the version before, deployment answers');
  const isOfCandidate = modelVersion !== null && modelVersion !== champion;
  return answer(isSignal(cause) && !isOfCandidate ? 'wait-for-labels' : 'ignore', 'no-rollout-open', 'A rollout is open, deployment answers');
}

/** Signals that monitoring and the clock send, in contrast to what a person or the first version asks for. */
export function isSignal(cause: TriggerCause): boolean {
  return cause === 'drift' || cause === 'performance' || cause === 'schedule';
}

function coolsDown({ cause }: TriggerSignal, { lastRunMs, coolDownMs, nowMs }: TriggerSituation): TriggerAnswer | null {
  if (!isSignal(cause) || lastRunMs === null || nowMs === null || nowMs - lastRunMs >= coolDownMs) return null;
  const finding = { check: 'cool-down-hours', passed: false, measured: hours(nowMs - lastRunMs), bound: hours(coolDownMs) };
  return { decision: 'wait-for-labels', because: [finding] };
}

/** Runs that signals start have a budget over event time; what exceeds it waits until an older run leaves the period. */
function keepsToBudget({ cause }: TriggerSignal, { runBudget, signalRunsMs, nowMs }: TriggerSituation): TriggerAnswer | null {
  if (!isSignal(cause) || runBudget === null || nowMs === null) return null;
  const measured = signalRunsMs.filter((runMs) => nowMs - runMs < runBudget.perMs).length;
  if (measured < runBudget.count) return null;
  const detail = `The pipeline's budget is ${runBudget.count} runs in ${hours(runBudget.perMs)} hours`;
  return { decision: 'wait-for-labels', because: [{ check: 'runs-in-budget', passed: false, measured, bound: runBudget.count, detail }] };
}

/** "Not better" is remembered: the next try waits until the change point moved, matured rows grew, or measured performance fell. */
function remembersRefusal({ cause, changePointMs }: TriggerSignal, situation: TriggerSituation): TriggerAnswer | null {
  const { lastRefusal, maturedRows: measured, rowsToTryAgain, retried } = situation;
  if (!lastRefusal || cause === 'person' || (cause === 'performance' && !retried)) return null;
  const bound = lastRefusal.maturedRows + rowsToTryAgain;
  if (changePointMs !== lastRefusal.changePointMs || measured >= bound) return null;
  const detail = 'The last try on this change was not better and little is new since';
  return { decision: 'wait-for-labels', because: [{ check: 'matured-rows-since-refusal', passed: false, measured, bound, detail }] };
}

/** A person need not wait: the feature store refuses what is too thin. */
function waitsForLabels({ cause }: TriggerSignal, situation: TriggerSituation): TriggerAnswer | null {
  const { maturedRows: rows, neededRows, trainable, waitingSinceMs, labelDeadlineMs, nowMs } = situation;
  if (cause === 'person' || (rows >= neededRows && trainable.rows >= trainable.needed)) return null;
  const waitedMs = waitingSinceMs === null || nowMs === null ? 0 : nowMs - waitingSinceMs;
  const late = cause !== 'first-version' && waitedMs >= labelDeadlineMs;
  const deadline = { check: 'label-deadline-hours', passed: !late, measured: hours(waitedMs), bound: hours(labelDeadlineMs) };
  const before = { check: 'training-rows', passed: trainable.rows >= trainable.needed, measured: trainable.rows, bound: trainable.needed };
  return { decision: late ? 'ask-a-person' : 'wait-for-labels', because: [maturedRows(situation), before, deadline] };
}

function maturedRows({ maturedRows: measured, neededRows: bound }: TriggerSituation): Finding {
  return { check: 'matured-rows', passed: measured >= bound, measured, bound };
}

function answer(decision: TriggerDecision, check: string, detail: string): TriggerAnswer {
  return { decision, because: [{ check, passed: false, detail }] };
}

function hours(ms: number): number {
  return Math.round(ms / 36_000) / 100;
}
