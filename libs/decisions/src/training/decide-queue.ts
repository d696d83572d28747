import type { RunBudget, RunTimeBudget } from '@millrace/contracts';
import type { Finding } from '../evaluation/finding.js';
import { isSignal } from './decide-trigger.js';
import type { TriggerCause } from './decide-trigger.js';

/** A run that is wanted and has not begun. */
export interface WantedRun {
  run: string;
  project: string;
  cause: TriggerCause;
  /** A person asked for it: it goes first and no budget binds it. */
  urgent: boolean;
  /** What a day of waiting costs, in usual losses times the pipeline's weight. */
  estimatedLossPerDay: number;
  /** Processing time, milliseconds since 1970. */
  wantedAtMs: number;
  /** Event time of its pipeline, milliseconds since 1970; null while nothing was published. */
  eventTimeMs: number | null;
}

/** A run that began: it counts against the budgets of its project. */
export interface BegunRun {
  project: string;
  cause: TriggerCause;
  /** Event time at which it was requested, milliseconds since 1970. */
  asOfMs: number;
  /** How long its command took, milliseconds; 0 while it has not ended. */
  commandMs: number;
}

/** What the signals of a project may spend; null: no bound. */
export interface ProjectBudget {
  runs: RunBudget | null;
  runTime: RunTimeBudget | null;
}

export interface QueueSituation {
  wanted: readonly WantedRun[];
  begun: readonly BegunRun[];
  budgets: Readonly<Record<string, ProjectBudget>>;
  /** Runs between request and evaluation, and the most of them. */
  underWay: number;
  mostUnderWay: number;
  /** Processing time, milliseconds since 1970. */
  nowMs: number;
  /** A run that waited so long goes before larger losses. */
  longestQueueMs: number;
}

export interface QueueDecision {
  /** The run whose turn it is; null when every one has to wait. */
  next: string | null;
  /** The others in their order, each with what keeps it waiting. */
  waiting: { run: string; position: number; because: Finding[] }[];
}

/**
 * Whose turn it is. What a person asked for goes first; then what has waited longest, once it waited `longestQueueMs`, so that nothing
 * starves; then the largest estimated loss; of equal ones the older. A run whose project spent its budget lets others pass.
 */
export function decideQueue(situation: QueueSituation): QueueDecision {
  const { underWay, mostUnderWay, nowMs, longestQueueMs } = situation;
  const ordered = situation.wanted.toSorted((a, b) => compare(rankOf(a, nowMs, longestQueueMs), rankOf(b, nowMs, longestQueueMs)) || (a.run < b.run ? -1 : 1));
  const judged = ordered.map((wanted) => ({ wanted, because: overBudget(wanted, situation) }));
  const hasPlace = underWay < mostUnderWay;
  const next = hasPlace ? (judged.find(({ because }) => because.length === 0)?.wanted.run ?? null) : null;
  const place: Finding = { check: 'runs-under-way', passed: false, measured: hasPlace ? underWay + 1 : underWay, bound: mostUnderWay, detail: 'Another run takes the place' };
  const waiting = judged.filter(({ wanted }) => wanted.run !== next).map(({ wanted: { run }, because }, index) => ({ run, position: index + 1, because: because.length > 0 ? because : [place] }));
  return { next, waiting };
}

/** Smaller goes first, number by number. */
function rankOf({ urgent, estimatedLossPerDay, wantedAtMs }: WantedRun, nowMs: number, longestQueueMs: number): number[] {
  if (urgent) return [0, wantedAtMs];
  if (nowMs - wantedAtMs >= longestQueueMs) return [1, wantedAtMs];
  return [2, -estimatedLossPerDay, wantedAtMs];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Budgets bind what signals ask for; every run of the project counts against them. */
function overBudget({ project, cause, urgent, eventTimeMs }: WantedRun, { begun, budgets }: QueueSituation): Finding[] {
  const budget = budgets[project];
  if (!budget || eventTimeMs === null || urgent || !isSignal(cause)) return [];
  const within = (perMs: number): BegunRun[] => begun.filter((run) => run.project === project && eventTimeMs - run.asOfMs < perMs);
  const { runs, runTime } = budget;
  const findings: Finding[] = [];
  if (runs) findings.push({ check: 'runs-of-project', passed: within(runs.perMs).length < runs.count, measured: within(runs.perMs).length, bound: runs.count });
  const spentMs = runTime ? within(runTime.perMs).reduce((sum, { commandMs }) => sum + commandMs, 0) : 0;
  if (runTime) findings.push({ check: 'run-time-of-project-ms', passed: spentMs < runTime.timeMs, measured: spentMs, bound: runTime.timeMs });
  return findings.filter(({ passed }) => !passed);
}
