import { MillraceError } from '@millrace/contracts';
import type { AnyEvent, Event, EventType } from '@millrace/contracts';
import { millraceErrorOf } from '../http/problem-filter.js';
import type { DataRecord } from '../broker/data-record.js';
import { inConsumerSpan } from '../observe/consumer-span.js';
import type { Logger } from '../observe/logger.js';
import type { Metrics } from '../observe/metrics.js';
import type { ParkedEvent } from '../store/service-store.js';
import type { UnitOfWork } from '../work/unit-of-work.js';
import { decideRetry } from './decide-retry.js';
import type { RetryPolicy } from './decide-retry.js';
import { eventOfRecord, isEventType } from './event-of-record.js';
import { originOf, setOrigin } from './event-origin.js';
import { failureOf } from './failure.js';
import type { ParkedEvents } from './parked-events.js';
import { shareOf } from './share-of.js';

/** Runs the handler of one event. */
export type EventHandler = (event: AnyEvent) => Promise<void>;

/** What became of an event. `paused`: the database is away, nothing could be noted and the same event must come again. */
export type Outcome = 'handled' | 'parked' | 'dead-letter' | 'paused';

const mostUnknownTypes = 100;

/** Tries one event with its handler and does with a failure what its kind asks for. Never throws. */
export class EventHandling {
  #handlers: ReadonlyMap<EventType, EventHandler> = new Map();
  /** Each is said once. */
  readonly #unknownTypes = new Set<string>();

  constructor(
    private readonly work: Pick<UnitOfWork, 'runTogether' | 'atOnce'>,
    private readonly parked: ParkedEvents,
    private readonly policy: RetryPolicy,
    private readonly group: string,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  setHandlers(handlers: ReadonlyMap<EventType, EventHandler>): void {
    this.#handlers = handlers;
  }

  /** Transactions that handlers have at the same time. */
  get atOnce(): number {
    return this.work.atOnce;
  }

  /** False for events of types that this service does not handle; what has no type at all concerns everyone. */
  concerns({ topic, headers }: DataRecord): boolean {
    const type = headers['ce_type'];
    if (type === undefined) return true;
    if (isEventType(type)) return this.#handlers.has(type);
    this.#noteUnknown(topic, type);
    return false;
  }

  /** A reader does not come back to what it passed over: in an upgrade readers go first (CONTRIBUTING.md). */
  #noteUnknown(topic: string, type: string): void {
    if (this.#unknownTypes.has(type) || this.#unknownTypes.size >= mostUnknownTypes) return;
    this.#unknownTypes.add(type);
    this.logger.warn({ topic, type: type.slice(0, 200) }, 'passes over events of a type that this release does not know');
  }

  /** An event that came from Kafka. */
  handleFresh(record: DataRecord): Promise<Outcome> {
    return this.#handle(record, 0, undefined);
  }

  /**
   * Events that came from Kafka, in one transaction and in this order.
   * @returns those that are handled. The others have done nothing, or are not known to have ended well: they must be handled one by one, and then fail as their kind asks for.
   */
  async handleTogether(records: readonly DataRecord[]): Promise<ReadonlySet<DataRecord>> {
    try {
      const recordOf = new Map<Event<EventType>, DataRecord>(records.map((record) => [eventOfRecord(record), record]));
      const done = await this.work.runTogether([...recordOf.keys()], (event) => this.#call(event as AnyEvent, 0));
      const handled = [...recordOf].filter(([event]) => done.has(event)).map(([, record]) => record);
      for (const record of handled) this.#count(record, 'handled');
      return new Set(handled);
    } catch (error) {
      this.logger.debug({ err: error, events: records.length }, 'events are handled one by one');
      return new Set();
    }
  }

  /** An event out of `parked`, for another try. */
  handleParked(parked: ParkedEvent): Promise<Outcome> {
    return this.#handle(parked.record, parked.attempt, parked);
  }

  async #handle(record: DataRecord, triesBefore: number, parked: ParkedEvent | undefined): Promise<Outcome> {
    for (let attempt = triesBefore + 1; ; attempt += 1) {
      try {
        await this.#try(record, attempt, parked);
        return this.#count(record, 'handled');
      } catch (thrown) {
        const outcome = await this.#failed(record, attempt, parked?.position, millraceErrorOf(thrown));
        if (outcome) return this.#count(record, outcome);
      }
    }
  }

  async #try(record: DataRecord, attempt: number, parked: ParkedEvent | undefined): Promise<void> {
    const event = eventOfRecord(record);
    const origin = originOf(event);
    if (origin && parked) setOrigin(event, { ...origin, parkedPosition: parked.position, ...(parked.replayTraceparent === undefined ? {} : { replayTraceparent: parked.replayTraceparent }) });
    await this.#call(event, attempt);
    // A handler that did not open a unit of work leaves the entry behind.
    if (parked) await this.parked.remove(parked.position);
  }

  async #call(event: AnyEvent, attempt: number): Promise<void> {
    const handler = this.#handlers.get(event.type);
    if (!handler) throw new MillraceError('invalid-event', `Nothing here handles ${event.type}`);
    const stopTimer = this.metrics.eventSeconds.startTimer({ type: event.type });
    try {
      await inConsumerSpan(event, { group: this.group, attempt }, () => handler(event));
    } finally {
      stopTimer();
    }
  }

  /** @returns undefined for another try at once */
  async #failed(record: DataRecord, attempt: number, position: number | undefined, error: MillraceError): Promise<Outcome | undefined> {
    const { topic, partition, offset, key, headers } = record;
    const share = shareOf(headers['ce_id'] ?? `${topic}/${partition}/${offset}`, attempt);
    const decision = decideRetry({ kind: error.kind, attempt, databaseIsAway: error.code === 'database-unavailable', share }, this.policy);
    if (decision.action === 'retry-at-once') return undefined;
    if (decision.action === 'pause') return 'paused';
    const place = { topic, partition, offset: offset.toString(), key, type: headers['ce_type'], attempt };
    try {
      if (decision.action === 'dead-letter') {
        await this.parked.bury(record, attempt, failureOf(error));
        this.logger.error({ err: error, ...place }, 'an event became a dead letter');
        return 'dead-letter';
      }
      if (position === undefined) await this.parked.park(record, attempt, decision.delayMs, failureOf(error));
      else await this.parked.postpone(position, attempt, decision.delayMs, failureOf(error));
      this.logger.info({ code: error.code, detail: error.detail, delayMs: decision.delayMs, ...place }, 'an event is parked');
      return 'parked';
    } catch (failure) {
      this.logger.warn({ err: failure, ...place }, 'a failed event could not be set aside');
      return 'paused';
    }
  }

  #count(record: DataRecord, outcome: Outcome): Outcome {
    this.metrics.eventOutcomes.inc({ type: record.headers['ce_type'] ?? 'none', outcome });
    return outcome;
  }
}
