/** Rows of a data set whose event time lies on one day (UTC, ISO date). */
export interface DayRows {
  day: string;
  rows: number;
}

const dayMs = 86_400_000;

/**
 * Rows with an event time in [fromMs, untilMs), from counts by day; a day that is only partly inside counts in proportion.
 * Times in milliseconds since 1970; `fromMs` null means from the first row on.
 */
export function rowsBetween(days: readonly DayRows[], fromMs: number | null, untilMs: number): number {
  const rows = days.reduce((sum, { day, rows: ofDay }) => {
    const startMs = Date.parse(day);
    const insideMs = Math.min(startMs + dayMs, untilMs) - Math.max(startMs, fromMs ?? startMs);
    return sum + (ofDay * Math.max(0, insideMs)) / dayMs;
  }, 0);
  return Math.floor(rows);
}

export interface MaturityQuestion {
  /** Rows by day of the data set that is predicted, and of the one that brings the outcomes. */
  spine: { days: readonly DayRows[]; watermarkMs: number };
  label: { days: readonly DayRows[]; watermarkMs: number };
  maturesAfterMs: number;
  /** Only rows at or after it count; null: all. */
  changePointMs: number | null;
  /** How far behind the watermark the newest row lies that a run would train on. */
  trainingLagMs: number;
}

export interface Maturity {
  /** Event time before which outcomes are final; null while nothing is known. */
  horizonMs: number | null;
  /** Rows with a final outcome, at or after the change point. */
  rows: number;
  /** Those of any time before the hold-out and its embargo, which a run could learn from. */
  trainableRows: number;
}

/** How many rows can be trained and judged on: both data sets must have them, and the label must have had its time. */
export function maturityOf({ spine, label, maturesAfterMs, changePointMs, trainingLagMs }: MaturityQuestion): Maturity {
  const watermarkMs = Math.min(spine.watermarkMs, label.watermarkMs);
  if (!Number.isFinite(watermarkMs)) return { horizonMs: null, rows: 0, trainableRows: 0 };
  const horizonMs = watermarkMs - maturesAfterMs;
  const inBoth = (fromMs: number | null, untilMs: number): number => Math.min(...[spine, label].map(({ days }) => rowsBetween(days, fromMs, untilMs)));
  return { horizonMs, rows: inBoth(changePointMs, horizonMs), trainableRows: inBoth(null, watermarkMs - trainingLagMs) };
}
