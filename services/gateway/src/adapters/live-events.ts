import { eventCatalogue } from '@millrace/contracts';
import type { AnyEvent, EventType } from '@millrace/contracts';
import { KafkaConnection, TopicFollower, Topics, eventOfRecord } from '@millrace/runtime';
import { Injectable } from '@nestjs/common';

type Listener = (event: AnyEvent) => void;

const TYPES = Object.keys(eventCatalogue) as EventType[];
const TOPICS = [...new Set(TYPES.map((type) => eventCatalogue[type].topic))];
/** Events kept for callers that come back with the id of the last one they saw. */
const KEPT_EVENTS = 1_000;
/** Nothing is read from Kafka when nobody has listened for this long. */
const LINGER_MS = 60_000;

/** Lifecycle events as they happen, read once for all listeners and only while there are any. */
@Injectable()
export class LiveEvents {
  readonly #listeners = new Set<Listener>();
  #kept: AnyEvent[] = [];
  #follower: TopicFollower | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly topics: Topics,
  ) {}

  /**
   * Adds a listener; it is told of the events behind `lastEventId` first, if they are still kept.
   * @returns `live`, which resolves when events from now on will be seen, and `end`, which removes the listener
   */
  listen(listener: Listener, lastEventId?: string): { live: Promise<void>; end: () => void } {
    clearTimeout(this.#linger);
    const seen = this.#kept.findIndex(({ id }) => id === lastEventId);
    if (seen >= 0) for (const event of this.#kept.slice(seen + 1)) listener(event);
    this.#listeners.add(listener);
    return { live: this.#follow(), end: () => this.#end(listener) };
  }

  async #follow(): Promise<void> {
    if (!this.#follower) {
      const follower = new TopicFollower(this.kafka, { topics: TOPICS, fromBeginning: false, name: 'gateway.events', onRecord: (record) => this.#tell(eventOfRecord(record)) });
      this.#follower = follower;
      await this.topics.ensureEvents(TYPES);
      await follower.start();
    }
    await this.#follower.caughtUp;
  }

  #tell(event: AnyEvent): void {
    this.#kept.push(event);
    if (this.#kept.length > 2 * KEPT_EVENTS) this.#kept = this.#kept.slice(-KEPT_EVENTS);
    for (const listener of this.#listeners) listener(event);
  }

  #end(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#rest(), LINGER_MS).unref();
  }

  #rest(): void {
    const follower = this.#follower;
    this.#follower = undefined;
    this.#kept = [];
    void follower?.stop();
  }
}
