import type { Finding } from '../evaluation/finding.js';
import { formatDuration } from '../pipeline/duration.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { studentTQuantile } from '../statistics/student-t-distribution.js';
import { countEpisodes } from './alarm-run.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import type { WindowRhythm } from './window-rhythm.js';

/** Where windows leave the bounds, and what that promises. */
export interface AlarmBound {
  /** Usual deviations beyond the usual distance, over all columns together. */
  level: number;
  /** Whether the declared budget of false alarms is kept. Otherwise each column keeps at least its own largest usual distance as well. */
  promised: boolean;
  /** Event time for one false alarm, as the reference can promise it: the declared one, or the widest honest one. */
  perMs: number;
  because: Finding;
}

const RESAMPLED_WINDOWS = 20_000;
const SEED = 20_011;
/** Blocks drawn in a row before another phase begins. */
const BLOCKS_OF_A_PHASE = 12;
/** Closer to the usual distance nothing is ever out of bounds. */
const SMALLEST_LEVEL = 2;

/**
 * Solves for the level at which the rule of k of n raises no more alarms than the budget allows, over all columns together.
 * `levels` are the reference's own windows, each held against the others. Their blocks (whole days or weeks, so that hours of the
 * week keep their place and neighbours stay together) are drawn again and again, and the alarms of that stream counted.
 * A block such as the reference never had may come as well: the next of B + 1 exchangeable blocks is the largest with probability
 * 1 / (B + 1), so that the promise is B / (B + 1) times the counted rate plus 1 / (B + 1) of an alarm per block.
 * Where that last part alone exceeds the budget, nothing can be promised, and the widest honest promise is told instead.
 */
export function alarmBoundOf(levels: readonly number[], columns: number, rhythm: WindowRhythm, policy: MonitoringPolicy): AlarmBound {
  const { blockWindows, windowMs } = rhythm;
  const blocks = Math.floor(levels.length / blockWindows);
  const unseen = 1 / ((blocks + 1) * blockWindows);
  const budget = policy.alarmsPerWindow;
  if (blocks < 1 || unseen > budget) return unpromised(levels.length, columns, unseen, rhythm, policy);
  const stream = resampledOf(levels, rhythm);
  const rateOf = (level: number): number => (blocks / (blocks + 1)) * (countEpisodes(stream, level, policy) / stream.length) + unseen;
  const candidates = [SMALLEST_LEVEL, ...levels.filter((level) => level > SMALLEST_LEVEL)].sort((a, b) => a - b);
  const level = firstWhere(candidates, (candidate) => rateOf(candidate) <= budget);
  return { level, promised: true, perMs: windowMs / budget, because: promiseFinding(levels.length, windowMs / budget, budget, windowMs) };
}

function unpromised(windows: number, columns: number, unseen: number, { windowMs }: WindowRhythm, policy: MonitoringPolicy): AlarmBound {
  const alpha = policy.alphaPerWindow / Math.max(1, columns);
  const level = windows < 2 ? NaN : Math.max(SMALLEST_LEVEL, studentTQuantile(1 - alpha, windows - 1) * Math.sqrt(1 + 1 / windows));
  return { level, promised: false, perMs: windowMs / unseen, because: promiseFinding(windows, windowMs / unseen, policy.alarmsPerWindow, windowMs) };
}

/** A stream of levels made of the reference's blocks, each followed by one that begins in the same phase of the day or the week. */
function resampledOf(levels: readonly number[], { blockWindows, dayWindows, periodMs, windowMs }: WindowRhythm): number[] {
  const random = seededRandom(SEED);
  const step = periodMs > 0 ? periodMs / windowMs : dayWindows;
  const starts = Array.from({ length: levels.length - blockWindows + 1 }, (_, start) => start);
  const stream: number[] = [];
  while (stream.length < RESAMPLED_WINDOWS) {
    const first = starts[Math.floor(random() * starts.length)] ?? 0;
    const alike = starts.filter((start) => start % step === first % step);
    for (let drawn = 0; drawn < BLOCKS_OF_A_PHASE; drawn += 1) {
      const start = alike[Math.floor(random() * alike.length)] ?? first;
      for (let i = 0; i < blockWindows; i += 1) stream.push(levels[start + i] ?? 0);
    }
  }
  return stream;
}

/** The first of ascending candidates that passes, by halving; the last one when only that is sure. */
function firstWhere(candidates: readonly number[], passes: (candidate: number) => boolean): number {
  let low = 0;
  let high = candidates.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(candidates[middle] ?? NaN)) high = middle;
    else low = middle + 1;
  }
  return candidates[high] ?? SMALLEST_LEVEL;
}

function promiseFinding(windows: number, perMs: number, budget: number, windowMs: number): Finding {
  const promised = perMs >= windowMs / budget;
  const declared = everyText(windowMs / budget);
  const detail = promised
    ? `Bounds keep to one false alarm in ${declared} by ${windows} reference windows`
    : `Cannot promise one false alarm in ${declared} by ${windows} reference windows: the widest honest promise is one in ${everyText(perMs)}`;
  return { check: 'promise-of-false-alarms', passed: promised, measured: Math.round(perMs), bound: Math.round(windowMs / budget), blocks: windows, detail };
}

function everyText(ms: number): string {
  return formatDuration(Math.max(60_000, Math.round(ms / 3_600_000) * 3_600_000));
}
