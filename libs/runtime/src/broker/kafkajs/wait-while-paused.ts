import { createRequire } from 'node:module';

/** What of kafkajs' group member the mend touches. */
interface ConsumerGroup {
  maxWaitTime: number;
  paused(): unknown[];
  fetch(nodeId: number): Promise<unknown>;
}

const waitWhilePausedMs = 20;
let isMended = false;

/**
 * kafkajs does not look whether a partition was resumed before its last fetch has ended, which without news lasts as long as a fetch may wait: a pause of
 * some milliseconds cost a second. While a partition is paused no fetch waits long. Idempotent.
 */
export function mendWaitWhilePaused(): void {
  if (isMended) return;
  isMended = true;
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const { fetch } = prototype;
  const usualWaits = new WeakMap<ConsumerGroup, number>();
  prototype.fetch = function fetchSoon(this: ConsumerGroup, nodeId: number): Promise<unknown> {
    const usualWaitMs = usualWaits.get(this) ?? this.maxWaitTime;
    usualWaits.set(this, usualWaitMs);
    this.maxWaitTime = this.paused().length > 0 ? Math.min(waitWhilePausedMs, usualWaitMs) : usualWaitMs;
    return fetch.call(this, nodeId);
  };
}
