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
