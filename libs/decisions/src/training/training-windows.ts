import type { TrainingWindow } from '@millrace/contracts';
import { formatDuration } from '../pipeline/duration.js';
import { meanOf, varianceOf } from '../statistics/moments.js';

/** Rows that a model may be trained on. Times in milliseconds since 1970, event time. */
export interface WindowCandidate {
  /** As people read it: all, last 7d, since-change, weighted 7d. */
  name: string;
  fromMs: number;
  /** Half-life of a row's weight; null: all rows count alike. */
  halfLifeMs: number | null;
}

/** The rows of a training set as far as windows look at them. */
export interface TrainingRows {
  /** Event times, ascending. */
  timesMs: readonly number[];
  changePointMs: number | null;
}

const SMALLEST_TRIAL_ROWS = 80;
/** Of the rows behind the change point when one is known, else of all. */
const SHARE_SINCE_CHANGE = 0.4;
const SHARE_OF_ALL = 0.2;
const SURE_DEVIATIONS = 2;
const LONGEST_TRIAL_MS = 3 * 86_400_000;

/** The windows to try. Without a change point inside the rows there is none to begin at. */
export function windowCandidatesOf(windows: readonly TrainingWindow[], { timesMs, changePointMs }: TrainingRows): WindowCandidate[] {
  const [first, last] = [timesMs[0] ?? 0, timesMs.at(-1) ?? 0];
  const candidates = windows.flatMap(({ kind, ms }): WindowCandidate[] => {
    const length = ms ?? 0;
    if (kind === 'last') return [{ name: `last ${formatDuration(length)}`, fromMs: last - length, halfLifeMs: null }];
    if (kind === 'weighted') return [{ name: `weighted ${formatDuration(length)}`, fromMs: first, halfLifeMs: length }];
    if (kind === 'since-change') return changePointMs !== null && changePointMs > first && changePointMs < last ? [{ name: 'since-change', fromMs: changePointMs, halfLifeMs: null }] : [];
    return kind === 'all' ? [{ name: 'all', fromMs: first, halfLifeMs: null }] : [];
  });
  return candidates.length > 0 ? candidates : [{ name: 'all', fromMs: first, halfLifeMs: null }];
}

/**
 * Event time from which rows are kept back to choose among windows: the newest fifth, at most three days; where the world changed, two
 * fifths of what came since, so that windows are chosen by how they do in the new world. Null when there are too few rows to choose by.
 */
export function trialFromMs({ timesMs, changePointMs }: TrainingRows): number | null {
  const last = timesMs.at(-1) ?? 0;
  const since = changePointMs === null ? 0 : timesMs.filter((time) => time >= changePointMs).length;
  const isInside = since > 0 && since < timesMs.length;
  const wanted = Math.max(SMALLEST_TRIAL_ROWS, Math.floor(isInside ? SHARE_SINCE_CHANGE * since : SHARE_OF_ALL * timesMs.length));
  if (wanted > timesMs.length / 2) return null;
  return Math.max(timesMs[timesMs.length - wanted] ?? last, last - LONGEST_TRIAL_MS);
}

/** Whether a candidate has enough rows before the trial to be tried. */
export function canBeTried({ fromMs }: Pick<WindowCandidate, 'fromMs'>, { timesMs }: Pick<TrainingRows, 'timesMs'>, trialMs: number): boolean {
  return timesMs.filter((time) => time >= fromMs && time < trialMs).length >= SMALLEST_TRIAL_ROWS;
}

/** A row's weight: halves with every half-life of its age. */
export function weightOfRow(timeMs: number, lastMs: number, halfLifeMs: number): number {
  return 2 ** ((timeMs - lastMs) / halfLifeMs);
}

/**
 * The candidate to train on, by its losses on the same rows: the first, unless another did better by more than twice the standard error of
 * their difference (rows of one time resemble one another, so that one error says little). -1 when none could be tried.
 * @param losses of each candidate by row; null for one that could not be tried
 */
export function bestOfTrials(losses: readonly (readonly number[] | null)[]): number {
  const tried = losses.flatMap((rows, index) => (rows && rows.length > 0 && Number.isFinite(meanOf(rows)) ? [{ index, rows, mean: meanOf(rows) }] : []));
  const [first] = tried;
  const best = tried.toSorted((a, b) => a.mean - b.mean)[0];
  if (!first || !best) return -1;
  const gains = first.rows.map((loss, row) => loss - (best.rows[row] ?? NaN));
  return meanOf(gains) > SURE_DEVIATIONS * Math.sqrt(varianceOf(gains) / gains.length) ? best.index : first.index;
}
