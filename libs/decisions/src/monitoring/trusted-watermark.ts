/** How far a data set is known, by rows and not by the largest time that any of them bears. */
export interface TrustedWatermark {
  /** ISO; null while nothing is known. */
  watermark: string | null;
  /** Rows by day that lie ahead of it and are too few to be believed. */
  ahead: Record<string, number>;
}

const DAY_MS = 86_400_000;
/** Rows that make a time believable. */
const ENOUGH_ROWS = 30;

/**
 * Moves a watermark by a publication. A step of up to two days or windows is believed at once; beyond that it takes thirty rows, since a
 * single clock that jumped would otherwise close every window up to its time. Rows of real days count even while a stray time stands
 * far ahead of them: the watermark then follows the newest day that has enough rows from there on.
 */
export function trustedWatermark(known: TrustedWatermark, published: { watermark: string | null; rowsByDay: readonly { day: string; rows: number }[] }, windowMs: number): TrustedWatermark {
  const { watermark, rowsByDay } = published;
  if (watermark === null || known.watermark === null) return { watermark: known.watermark ?? watermark, ahead: {} };
  const knownMs = Date.parse(known.watermark);
  if (Date.parse(watermark) <= knownMs + 2 * Math.max(DAY_MS, windowMs)) return { watermark: later(known.watermark, watermark), ahead: {} };
  const ahead = { ...known.ahead };
  for (const { day, rows } of rowsByDay) if (Date.parse(day) + DAY_MS > knownMs) ahead[day] = (ahead[day] ?? 0) + rows;
  const days = Object.keys(ahead).sort();
  let rows = 0;
  const believed = days.toReversed().find((day) => (rows += ahead[day] ?? 0) >= ENOUGH_ROWS);
  if (believed === undefined) return { watermark: known.watermark, ahead };
  const reached = believed === days.at(-1) && watermark.startsWith(believed) ? watermark : `${believed}T00:00:00.000Z`;
  return { watermark: later(known.watermark, reached), ahead: Object.fromEntries(days.filter((day) => day > believed).map((day) => [day, ahead[day] ?? 0])) };
}

function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a;
}
