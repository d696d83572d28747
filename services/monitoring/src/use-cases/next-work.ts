import { firstWindowOf, isClosed, isMatured, windowAt } from '@millrace/decisions';
import type { ClockWindow } from '@millrace/decisions';
import type { PipelineRow } from '../store/pipeline.row.js';

/** Where windows begin once the first prediction is known; null before. */
export function beginningOf({ firstPredictionAt, definition }: PipelineRow): Date | null {
  return firstPredictionAt ? new Date(firstWindowOf(firstPredictionAt.getTime(), definition.monitoring.windowMs).fromMs) : null;
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
