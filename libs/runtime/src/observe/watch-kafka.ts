import type { Clock } from '../clock/clock.js';
import type { KafkaConnection } from '../kafka/kafka-connection.js';
import type { LaneLag } from '../kafka/lane-state.js';
import type { Topics } from '../kafka/topics.js';
import type { Metrics } from './metrics.js';

/** A consumer group of this process with how far it is behind. */
export interface WatchedGroup {
  group: string;
  lags: readonly LaneLag[];
}

const labelNames = ['consumergroup', 'topic', 'partition'] as const;

/** Gauges over what a service reads: lag in records under the name that kafka_exporter gives it, lag in seconds, pauses and joins of lanes; and topics that differ. */
export function watchKafka(metrics: Metrics, kafka: KafkaConnection, topics: Topics, clock: Clock, more: () => readonly WatchedGroup[]): void {
  const groups = (): WatchedGroup[] => [...[...kafka.lanes].map(({ group, state }) => ({ group, lags: state.lags })), ...more()];
  const lags = (valueOf: (lag: LaneLag) => number) => () =>
    groups().flatMap(({ group, lags: all }) => all.map((lag) => ({ labels: { consumergroup: group, topic: lag.topic, partition: String(lag.partition) }, value: valueOf(lag) })));
  metrics.labelledGauge('kafka_consumergroup_lag', 'Records of a partition behind what the group has handled, as of the last batch', labelNames, lags(({ records }) => records));
  metrics.labelledGauge('millrace_consumergroup_lag_seconds', 'Age of the last handled record of a partition while others wait behind it, else 0', labelNames, lags(({ sinceMs }) => (sinceMs === null ? 0 : Math.max(0, clock.nowMs() - sinceMs) / 1000)));
  metrics.labelledGauge('millrace_lane_paused', 'Partitions that a lane does not read for now; the reason is in /health/ready', labelNames, () =>
    [...kafka.lanes].flatMap(({ group, state }) => state.pauses.map(({ topic, partition }) => ({ labels: { consumergroup: group, topic, partition: String(partition) }, value: 1 }))),
  );
  const ofLanes = (valueOf: (lane: { state: { joins: number; pausedMs(nowMs: number): number } }) => number) => () => [...kafka.lanes].map((lane) => ({ labels: { consumergroup: lane.group }, value: valueOf(lane) }));
  metrics.labelledGauge('millrace_lane_paused_seconds', 'Time that partitions of a lane were paused since the start, added up', ['consumergroup'], ofLanes(({ state }) => state.pausedMs(clock.nowMs()) / 1000));
  metrics.labelledGauge('millrace_lane_joins', 'Times that a lane has joined its group since the start', ['consumergroup'], ofLanes(({ state }) => state.joins));
  metrics.gauge('topic_differences', 'Settings of topics that are not as declared; GET /topics names them', () => topics.differences.length);
}

/** What lanes wait for, in a sentence; undefined when none is paused. */
export function pausesOf(kafka: KafkaConnection): string | undefined {
  const pauses = [...kafka.lanes].flatMap(({ state }) => state.pauses);
  if (pauses.length === 0) return undefined;
  const shown = pauses.slice(0, 3).map(({ topic, partition, because }) => `${topic}/${partition}: ${because}`);
  return `${pauses.length} partitions rest: ${shown.join('; ')}${pauses.length > shown.length ? '; …' : ''}`;
}
