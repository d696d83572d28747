import type { RolloutPhase } from './who-answers.js';

/** What a schedule looks at. Times in milliseconds since 1970, event time. */
export interface ScheduleSituation {
  /** Absent: nothing is scheduled. */
  everyMs: number | undefined;
  /** When the last run was requested, whatever asked for it; null: never. */
  lastRunMs: number | null;
  nowMs: number | null;
  phase: RolloutPhase;
  /** Whether a run is under way, or a trigger waits or is held. */
  isBusy: boolean;
}

/** Whether a run is due although nothing asked for it. One that is under way, a rollout, or a trigger that waits is answer enough. */
export function isRunDue({ everyMs, lastRunMs, nowMs, phase, isBusy }: ScheduleSituation): boolean {
  if (everyMs === undefined || lastRunMs === null || nowMs === null || phase === 'open' || isBusy) return false;
  return nowMs - lastRunMs >= everyMs;
}
