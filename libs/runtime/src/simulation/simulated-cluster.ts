import type { TopicPartition } from '../broker/broker.js';
import type { DataRecord, NewRecord } from '../broker/data-record.js';
import { SimulatedGroup } from './simulated-group.js';
import { SimulatedServer } from './simulated-server.js';
import type { ServerFaults } from './simulated-server.js';
import type { World } from './world.js';

export const sessionTimeoutMs = 3_000;

/** Kafka: topics that keep what was acknowledged, and groups. */
export class SimulatedCluster extends SimulatedServer {
  readonly topics = new Map<string, DataRecord[][]>();
  readonly groups = new Map<string, SimulatedGroup>();
  readonly #arrivals = new Map<string, (() => void)[]>();

  constructor(world: World, faults: ServerFaults) {
    super(world, 'kafka', faults);
  }

  create(topic: string, partitions: number): void {
    if (!this.topics.has(topic)) this.topics.set(topic, Array.from({ length: partitions }, () => []));
  }

  log({ topic, partition }: TopicPartition): DataRecord[] {
    const log = this.topics.get(topic)?.[partition];
    if (!log) throw new Error(`There is no ${topic}/${partition}`);
    return log;
  }

  /** Records of one request and partition stand together. */
  append(place: TopicPartition, records: readonly NewRecord[]): bigint {
    const log = this.log(place);
    const baseOffset = BigInt(log.length);
    for (const { key, value, headers = {} } of records) {
      log.push({ ...place, offset: BigInt(log.length), key, value: value === null ? null : Buffer.from(value), headers, timestampMs: Math.floor(this.world.nowMs) });
    }
    const arrivals = this.#arrivals.get(placeOf(place)) ?? [];
    this.#arrivals.delete(placeOf(place));
    for (const hear of arrivals) hear();
    return baseOffset;
  }

  /** Called once, when something was appended there. */
  onArrival(place: TopicPartition, hear: () => void): void {
    this.#arrivals.set(placeOf(place), [...(this.#arrivals.get(placeOf(place)) ?? []), hear]);
  }

  group(name: string): SimulatedGroup {
    const known = this.groups.get(name);
    if (known) return known;
    const group = new SimulatedGroup(this.world, sessionTimeoutMs, (topic) => this.topics.get(topic)?.length ?? 0);
    this.groups.set(name, group);
    return group;
  }

  /** Answers nothing for so long; then its groups may have forgotten their members. */
  restart(durationMs: number): void {
    this.world.note(() => `kafka is away for ${durationMs} ms`);
    this.isUp = false;
    this.world.after(durationMs, () => {
      this.isUp = true;
      for (const group of this.groups.values()) if (this.world.random.chance(0.5)) group.forgetMembers();
    });
  }

  /** A group's committed offset is what it was before, or none: the broker lost the last commits, or they are too old. */
  loseCommits(): void {
    for (const [name, group] of this.groups) {
      for (const [place, offset] of group.committed) {
        if (!this.world.random.chance(0.5)) continue;
        this.world.note(() => `${name} loses its offset ${offset} of ${place}`);
        if (this.world.random.chance(0.5)) group.committed.delete(place);
        else group.committed.set(place, BigInt(this.world.random.between(0, Number(offset))));
      }
      group.rebalance();
    }
  }
}

export function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
