import { createRequire } from 'node:module';

/** What of kafkajs' group member the mend touches. */
interface ConsumerGroup {
  maxWaitTime: number;
  paused(): unknown[];
  fetch(nodeId: number): Promise<unknown>;
}

const shortestWaitMs = 20;
/** A long pause may end this much later: nothing is asked for fifty times a second for hours. */
const waitShareOfPause = 0.1;
let isMended = false;

/**
 * kafkajs does not look whether a partition was resumed before its last fetch has ended, which without news lasts as long as a fetch may wait: a pause of
 * some milliseconds cost a second. Now a fetch waits no longer than a tenth of the time for which something has been paused. Idempotent.
 */
export function mendWaitWhilePaused(): void {
  if (isMended) return;
  isMended = true;
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const { fetch } = prototype;
  const usualWaits = new WeakMap<ConsumerGroup, number>();
  const pausedSince = new WeakMap<ConsumerGroup, number>();
  prototype.fetch = function fetchSoon(this: ConsumerGroup, nodeId: number): Promise<unknown> {
    const usualWaitMs = usualWaits.get(this) ?? this.maxWaitTime;
    usualWaits.set(this, usualWaitMs);
    if (this.paused().length === 0) {
      pausedSince.delete(this);
      this.maxWaitTime = usualWaitMs;
    } else {
      const since = pausedSince.get(this) ?? performance.now();
      pausedSince.set(this, since);
      this.maxWaitTime = Math.min(usualWaitMs, Math.max(shortestWaitMs, Math.round((performance.now() - since) * waitShareOfPause)));
    }
    return fetch.call(this, nodeId);
  };
}
