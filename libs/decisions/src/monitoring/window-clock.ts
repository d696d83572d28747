/** A window of event time, [fromMs, toMs), milliseconds since 1970. */
export interface ClockWindow {
  fromMs: number;
  toMs: number;
}

/** Share of a window that may be missing at its beginning for it to be judged as a whole one. */
const LARGEST_MISSING_SHARE = 0.25;

/** The first window worth judging when predictions begin at `firstMs`; windows are aligned to the epoch (days: to midnight UTC). */
export function firstWindowOf(firstMs: number, windowMs: number): ClockWindow {
  const fromMs = Math.floor(firstMs / windowMs) * windowMs;
  const begin = firstMs - fromMs <= LARGEST_MISSING_SHARE * windowMs ? fromMs : fromMs + windowMs;
  return { fromMs: begin, toMs: begin + windowMs };
}

export function windowAt(fromMs: number, windowMs: number): ClockWindow {
  return { fromMs, toMs: fromMs + windowMs };
}

/**
 * Whether all predictions of a window are in: the log's own watermark passed its end, or, when predictions have stopped,
 * the records to predict are a whole window further.
 */
export function isClosed(window: ClockWindow, clocks: { predictionsMs: number | null; recordsMs: number | null }): boolean {
  const waited = window.toMs + (window.toMs - window.fromMs);
  return (clocks.predictionsMs ?? -Infinity) >= window.toMs || (clocks.recordsMs ?? -Infinity) >= waited;
}

/** Whether the labels of a window's predictions are final. */
export function isMatured(window: ClockWindow, labelsMs: number | null, maturesAfterMs: number): boolean {
  return (labelsMs ?? -Infinity) >= window.toMs + maturesAfterMs;
}
