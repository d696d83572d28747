import { createRequire } from 'node:module';

/** What of kafkajs' request queue the mend touches. */
interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
}

const checkPendingRequestsIntervalMs = 10;
let isMended = false;

/**
 * kafkajs 2.2.4 re-arms a timer with a negative delay (Node makes it 1 ms and warns) after each check of its request queue, also
 * when nothing is throttled and nothing waits: 2.4 % of a core per broker connection at rest. Its pull request 1768 arms it
 * only when there is something to wait for; this puts that version of the method in place. Idempotent.
 */
export function mendIdleTimer(): void {
  if (isMended) return;
  isMended = true;
  const RequestQueueClass = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue & { scheduleCheckPendingRequests(): void } };
  RequestQueueClass.prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue): void {
    if (this.throttleCheckTimeoutId) return;
    const throttledMs = this.throttledUntil - Date.now();
    if (throttledMs <= 0 && this.pending.length === 0) return;
    const delayMs = throttledMs > 0 ? throttledMs : checkPendingRequestsIntervalMs;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, delayMs);
  };
}
