import type { TopicPartition } from '../broker/broker.js';
import type { SimulatedProcess } from './simulated-process.js';
import type { World } from './world.js';

/** A member as its coordinator knows it. */
export interface GroupMember {
  readonly process: SimulatedProcess;
  readonly topics: readonly string[];
  /** False: nothing comes from it any more. */
  readonly isBeating: boolean;
  /** It hears of a new assignment, later than the coordinator decides it. */
  assigned(generation: number, places: TopicPartition[]): void;
  /** It hears that it is no member any more. */
  expelled(): void;
}

const rebalanceMs: [number, number] = [5, 600];
const hearsMs: [number, number] = [0.1, 400];

/** A consumer group and its coordinator (the classic protocol: everybody joins again in each rebalance). */
export class SimulatedGroup {
  generation = 0;
  readonly committed = new Map<string, bigint>();
  readonly #members = new Set<GroupMember>();
  #isRebalancing = false;

  constructor(
    private readonly world: World,
    private readonly sessionTimeoutMs: number,
    private readonly partitionsOf: (topic: string) => number,
  ) {}

  isMember(member: GroupMember): boolean {
    return this.#members.has(member);
  }

  join(member: GroupMember): void {
    this.#members.add(member);
    this.rebalance();
    // What a member sent before its end may arrive after it.
    if (!member.isBeating) this.silent(member, Infinity);
  }

  leave(member: GroupMember): void {
    if (this.#members.delete(member)) this.rebalance();
  }

  /** Nothing comes from the member's process for so long. */
  silent(member: GroupMember, durationMs: number): void {
    if (durationMs < this.sessionTimeoutMs) return;
    this.world.after(this.sessionTimeoutMs, () => {
      if (!this.#members.delete(member)) return;
      this.world.note(() => `${member.process.name} is out of its group`);
      this.rebalance();
      if (durationMs !== Infinity) member.process.deliver(this.#between(hearsMs), () => member.expelled());
    });
  }

  /** The coordinator begins anew: nobody is a member. */
  forgetMembers(): void {
    const members = [...this.#members];
    this.#members.clear();
    for (const member of members) member.process.deliver(this.#between(hearsMs), () => member.expelled());
  }

  /** Soon everything is given out anew. */
  rebalance(): void {
    if (this.#isRebalancing) return;
    this.#isRebalancing = true;
    this.world.after(this.#between(rebalanceMs), () => {
      this.#isRebalancing = false;
      this.#assign();
    });
  }

  #assign(): void {
    this.generation += 1;
    const members = [...this.#members];
    if (members.length === 0) return;
    const { generation, world } = this;
    const first = world.random.between(0, members.length - 1);
    const topics = [...new Set(members.flatMap((member) => member.topics))];
    const places = topics.flatMap((topic) => Array.from({ length: this.partitionsOf(topic) }, (_, partition) => ({ topic, partition })));
    members.forEach((member, index) => {
      const given = places.filter((_, place) => (place + first) % members.length === index);
      member.process.deliver(this.#between(hearsMs), () => member.assigned(generation, given));
    });
  }

  #between([fromMs, toMs]: [number, number]): number {
    return fromMs + this.world.random.next() * (toMs - fromMs);
  }
}
