const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970 began on a Thursday: weeks are counted from Monday. */
const MONDAY_MS = 4 * DAY_MS;
const WINDOWS_OF_A_PHASE = 4;

/** How windows lie in the day and the week, as far as the reference is long enough to know. */
export interface WindowRhythm {
  windowMs: number;
  /** After so long windows resemble one another again: a week, a day, or 0 when nothing is known. */
  periodMs: number;
  /** Windows of one block: whole days, and whole weeks where the reference has four; at least as many as the alarm rule looks at. */
  blockWindows: number;
  /** Windows of one day, at least 1. */
  dayWindows: number;
}

/** The rhythm that a reference of so many windows can show. */
export function rhythmOf(windowMs: number, windows: number, of: number): WindowRhythm {
  const dayWindows = Math.max(1, Math.round(DAY_MS / windowMs));
  const weekWindows = Math.max(1, Math.round(WEEK_MS / windowMs));
  const knowsWeeks = windows >= WINDOWS_OF_A_PHASE * weekWindows;
  const knowsDays = windows >= WINDOWS_OF_A_PHASE * dayWindows;
  const shortest = knowsWeeks ? weekWindows : dayWindows;
  return {
    windowMs,
    periodMs: knowsWeeks ? WEEK_MS : knowsDays && dayWindows > 1 ? DAY_MS : 0,
    blockWindows: shortest * Math.ceil(of / shortest),
    dayWindows,
  };
}

/** Which window of its day or week one is: windows of one phase resemble one another. */
export function phaseOf({ windowMs, periodMs }: Pick<WindowRhythm, 'windowMs' | 'periodMs'>, fromMs: number): number {
  return periodMs === 0 ? 0 : Math.floor((((fromMs - MONDAY_MS) % periodMs) + periodMs) % periodMs / windowMs);
}
