/**
 * Which of several triggers asks for the next run: the one about the newest change, for it alone knows since when rows are worth learning,
 * and of those the one that has waited longest. The others wait for what comes of it.
 * @param changePointMsOf milliseconds since 1970, event time; null: the trigger knows of no change
 */
export function firstToAsk<Trigger>(oldestFirst: readonly Trigger[], changePointMsOf: (trigger: Trigger) => number | null): Trigger | null {
  const newestMs = Math.max(...oldestFirst.map((trigger) => changePointMsOf(trigger) ?? -Infinity));
  return oldestFirst.find((trigger) => (changePointMsOf(trigger) ?? -Infinity) === newestMs) ?? null;
}
