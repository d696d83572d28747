import type { MonitoringPolicy } from './monitoring-policy.js';

/** A judged window as the alarm rule sees it. */
export interface RunWindow {
  from: string;
  verdict: 'in-bounds' | 'out-of-bounds' | 'too-thin';
}

export interface AlarmRun {
  alarmed: boolean;
  /** Start of the first window out of bounds in the run that leads to the newest window; null when there is none. */
  changePoint: string | null;
  outOfBounds: number;
}

/**
 * The rule of k of n: an alarm when `alarmAfter` of the last `of` judged windows are out of bounds, the newest among them.
 * The run reaches back as long as no `of` windows in a row were in bounds. Windows that are too thin count neither way.
 * @param windows oldest first, the newest last
 */
export function alarmRunOf(windows: readonly RunWindow[], { alarmAfter, of }: { alarmAfter: number; of: number }): AlarmRun {
  const judged = windows.filter((window) => window.verdict !== 'too-thin');
  const outOfBounds = judged.slice(-of).filter((window) => window.verdict === 'out-of-bounds').length;
  let changePoint: string | null = null;
  let quiet = 0;
  for (const window of judged.toReversed()) {
    quiet = window.verdict === 'out-of-bounds' ? 0 : quiet + 1;
    if (quiet >= of) break;
    if (quiet === 0) changePoint = window.from;
  }
  return { alarmed: judged.at(-1)?.verdict === 'out-of-bounds' && outOfBounds >= alarmAfter, changePoint, outOfBounds };
}

/**
 * How often the same rule raises an alarm over a stream of levels, a window above `bound` being out of bounds. What lasts until
 * `resolveAfter` windows in a row are in bounds again is one alarm.
 */
export function countEpisodes(levels: readonly number[], bound: number, { alarmAfter, of, resolveAfter }: Pick<MonitoringPolicy, 'alarmAfter' | 'of'> & { resolveAfter: { drift: number } }): number {
  let episodes = 0;
  let quiet = Infinity;
  let out = 0;
  for (let i = 0; i < levels.length; i += 1) {
    const isOut = (levels[i] ?? 0) > bound;
    if (isOut) out += 1;
    if (i >= of && (levels[i - of] ?? 0) > bound) out -= 1;
    const lasts = quiet < resolveAfter.drift;
    if (isOut && (lasts || out >= alarmAfter)) {
      if (!lasts) episodes += 1;
      quiet = 0;
    } else quiet += 1;
  }
  return episodes;
}
