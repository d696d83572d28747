import type { EventHandling } from './event-handling.js';
import type { ParkedEvents } from './parked-events.js';

const headsPerRun = 100;
const keysAtOnce = 4;
/** How long it rests while the database is away. */
const pauseMs = 1_000;

/** One run of the worker that tries parked events again: the due head of each key. @returns true for more at once, else milliseconds until the next try */
export async function retryParked(parked: ParkedEvents, handling: EventHandling): Promise<boolean | number | void> {
  const heads = await parked.dueHeads(headsPerRun);
  let isPaused = false;
  const rest = [...heads];
  const run = async (): Promise<void> => {
    for (let head = rest.shift(); head && !isPaused; head = rest.shift()) {
      if ((await handling.handleParked(head)) === 'paused') isPaused = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(keysAtOnce, heads.length) }, run));
  if (isPaused) return pauseMs;
  if (heads.length > 0) return true;
  return (await parked.nextDueMs()) ?? undefined;
}
