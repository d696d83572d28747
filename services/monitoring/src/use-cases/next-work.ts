import { firstWindowOf, isClosed, isMatured, windowAt } from '@millrace/decisions';
import type { ClockWindow } from '@millrace/decisions';
import type { PipelineRow } from '../store/pipeline.row.js';

/** A first prediction farther back bears a wrong time: windows begin so far before the newest one at most. */
const MOST_WINDOWS_BACK = 60;

/** Where windows begin once the first prediction is known; null before. */
export function beginningOf({ firstPredictionAt, predictions, definition }: PipelineRow): Date | null {
  if (!firstPredictionAt) return null;
  const { windowMs } = definition.monitoring;
  const newestMs = millisecondsOf(predictions?.watermark) ?? firstPredictionAt.getTime();
  return new Date(firstWindowOf(Math.max(firstPredictionAt.getTime(), newestMs - MOST_WINDOWS_BACK * windowMs), windowMs).fromMs);
}

/** The window of inputs to judge now; null when none is closed. */
export function closedWindowOf({ nextWindowAt, predictions, recordsWatermark, definition }: PipelineRow): ClockWindow | null {
  if (!nextWindowAt) return null;
  const window = windowAt(nextWindowAt.getTime(), definition.monitoring.windowMs);
  const clocks = { predictionsMs: millisecondsOf(predictions?.watermark), recordsMs: recordsWatermark?.getTime() ?? null };
  return isClosed(window, clocks) ? window : null;
}

/** The window whose outcomes to judge now: its inputs were judged and its labels are final; null when there is none. */
export function maturedWindowOf({ nextOutcomeAt, nextWindowAt, labels, definition }: PipelineRow): ClockWindow | null {
  if (!nextOutcomeAt || !nextWindowAt || nextOutcomeAt >= nextWindowAt) return null;
  const window = windowAt(nextOutcomeAt.getTime(), definition.monitoring.windowMs);
  return isMatured(window, millisecondsOf(labels?.watermark), definition.label.maturesAfterMs) ? window : null;
}

function millisecondsOf(time: string | null | undefined): number | null {
  return time ? Date.parse(time) : null;
}
