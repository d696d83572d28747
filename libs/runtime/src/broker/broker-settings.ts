import type { BrokerSecurity } from './broker-security.js';

/** What every Kafka client is made with. */
export interface BrokerSettings {
  clientId: string;
  /** host:port */
  brokers: readonly string[];
  topicPrefix: string;
  sessionTimeoutMs: number;
  security: BrokerSecurity;
}

/** Longest time an idle fetch waits at the broker; data that comes is answered at once. */
export const fetchWaitMs = 1_000;
const heartbeatsPerSession = 4;
const shortestRebalanceMs = 10_000;

/** A member may miss three heartbeats. */
export function heartbeatIntervalOf(sessionTimeoutMs: number): number {
  return Math.floor(sessionTimeoutMs / heartbeatsPerSession);
}

/** How long the group waits in a rebalance for members that work on a batch. */
export function rebalanceTimeoutOf(sessionTimeoutMs: number): number {
  return Math.max(sessionTimeoutMs, shortestRebalanceMs);
}
