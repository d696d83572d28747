import type { ParkedEvent } from '../store/service-store.js';
import type { EventHandling, Outcome } from './event-handling.js';
import { handledElsewhere } from './failure.js';
import type { ParkedEvents } from './parked-events.js';

const headsPerRun = 100;
const keysAtOnce = 4;
/** How long two releases of a service may run side by side before what one of them does not know is given up. */
const patienceMs = 600_000;
const otherReleaseDelayMs = 2_000;
/** How long it rests while the database is away. */
const pauseMs = 1_000;

/** One run of the worker that tries parked events again: the due head of each key. @returns true for more at once, else milliseconds until the next try */
export async function retryParked(parked: ParkedEvents, handling: EventHandling): Promise<boolean | number | void> {
  const heads = await parked.dueHeads(headsPerRun);
  let isPaused = false;
  const rest = [...heads];
  const run = async (): Promise<void> => {
    for (let head = rest.shift(); head && !isPaused; head = rest.shift()) {
      if ((await retryHead(parked, handling, head)) === 'paused') isPaused = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(keysAtOnce, heads.length) }, run));
  if (isPaused) return pauseMs;
  if (heads.length > 0) return true;
  return (await parked.nextDueMs()) ?? undefined;
}

/** An event that another release has parked waits for that release to lead the service; if none comes, it becomes a dead letter like any event that nobody handles. */
async function retryHead(parked: ParkedEvents, handling: EventHandling, head: ParkedEvent): Promise<Outcome> {
  if (handling.concerns(head.record) || parked.waitedMs(head) > patienceMs) return handling.handleParked(head);
  return (await parked.postpone(head.position, head.attempt, otherReleaseDelayMs, handledElsewhere).then(() => true, () => false)) ? 'parked' : 'paused';
}
