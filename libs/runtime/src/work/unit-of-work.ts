import type { Event, EventType } from '@millrace/contracts';
import type { DataRecord, RecordBatch } from '../broker/data-record.js';
import type { Clock } from '../clock/clock.js';
import { originOf } from '../events/event-origin.js';
import { faultPoint } from '../fault-point.js';
import type { ServiceIdentity } from '../service-identity.js';
import type { ServiceStore, StoreTransaction } from '../store/service-store.js';
import { timerCause, isEvent } from './cause.js';
import type { Cause } from './cause.js';
import { EventGroup } from './event-group.js';
import type { OutboxWaker } from './outbox-waker.js';
import { StoreReadTx } from './store-read-tx.js';
import { Turnstile } from './turnstile.js';
import type { ReadTx, Tx } from './tx.js';
import { UnitTx } from './unit-tx.js';

/** Runs of a transaction that was ended for the sake of another, before the caller sees a conflict. */
const tries = 4;

/** The only door to the database: inbox, rows and outbox of one cause in one transaction. */
export class UnitOfWork {
  /** Transactions of events and workers at the same time: they leave a connection of the pool for requests. */
  readonly atOnce: number;
  readonly #turnstile: Turnstile;
  /** Of events whose handlers were called together. */
  readonly #groups = new WeakMap<Event<EventType>, EventGroup>();

  constructor(
    private readonly store: ServiceStore,
    private readonly identity: ServiceIdentity,
    private readonly waker: OutboxWaker,
    private readonly clock: Clock,
  ) {
    this.atOnce = Math.max(1, store.connections - 1);
    this.#turnstile = new Turnstile(this.atOnce);
  }

  /**
   * Runs a use case for a cause in one transaction and wakes the relay after the commit. Once per event: an event handled before
   * gives undefined, a repeated request (same actor, operation and Idempotency-Key) its stored answer. Call it once per handler.
   * Errors: those of the use case; `stale-version` for a lost race, `database-unavailable`.
   */
  run<R>(cause: Cause, useCase: (tx: Tx) => Promise<R>): Promise<R> {
    const group = isEvent(cause) ? this.#groups.get(cause) : undefined;
    if (group) return group.join(cause as Event<EventType>, useCase);
    return this.#transaction(cause, async (tx, transaction) => {
      if (isEvent(cause)) return (await transaction.admitEvent(cause, originOf(cause))) ? useCase(tx) : (undefined as R);
      if (cause.kind === 'timer') return useCase(tx);
      const earlier = await transaction.admitRequest(cause);
      if (earlier) return earlier.answer as R;
      const answer = await useCase(tx);
      await transaction.storeAnswer(cause, answer);
      return answer;
    });
  }

  /**
   * Calls handlers of several events and runs what each gives to `run` in one transaction, in the order of the events. All of it is committed or nothing:
   * then this rejects with what went wrong, and the events are to be handled one by one. What a handler does before its `run` must not need the effects of
   * the events before it.
   * @returns the events whose handlers ended well; the effects of the others are committed too
   */
  async runTogether(events: readonly Event<EventType>[], handle: (event: Event<EventType>) => Promise<void>): Promise<ReadonlySet<Event<EventType>>> {
    const group = new EventGroup(events);
    for (const event of events) this.#groups.set(event, group);
    try {
      await group.call(handle).finally(() => events.forEach((event) => this.#groups.delete(event)));
      await this.#turnstile.run(() => this.#onceForAll(group));
    } catch (error) {
      await group.undo(error);
      throw this.store.errorOf(error);
    }
    return group.done();
  }

  /**
   * The same for data records of one partition: records below the partition's position are dropped, the position moves behind
   * the last one. Undefined when all were handled before.
   */
  runBatch<R>(batch: RecordBatch, useCase: (tx: Tx, records: DataRecord[]) => Promise<R>): Promise<R | undefined> {
    const { topic, partition } = batch;
    return this.#transaction(timerCause({ name: this.identity.name, project: projectOf(topic) }), async (tx, transaction) => {
      const position = await transaction.lockPosition({ topic, partition });
      const records = position === null ? batch.records : batch.records.filter(({ offset }) => offset >= position);
      const last = records.at(-1);
      if (!last) return undefined;
      const result = await useCase(tx, records);
      await transaction.movePosition({ topic, partition, nextOffset: last.offset + 1n });
      return result;
    });
  }

  /** The first offset that `runBatch` has not handled; null before the first batch. For `DataLane`'s `resumeAt`. */
  positionOf(topic: string, partition: number): Promise<bigint | null> {
    return this.store.positionOf({ topic, partition });
  }

  /** Reads several things as of one moment, without effect: no inbox, no outbox. */
  async read<R>(useCase: (tx: ReadTx) => Promise<R>): Promise<R> {
    try {
      return await this.store.read((rows) => useCase(new StoreReadTx(rows, new Date(this.clock.nowMs()))));
    } catch (error) {
      throw this.store.errorOf(error);
    }
  }

  async #transaction<R>(cause: Cause, work: (tx: UnitTx, transaction: StoreTransaction) => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (!isEvent(cause) && cause.kind === 'request') return await this.#once(cause, work);
        return await this.#turnstile.run(() => this.#once(cause, work));
      } catch (error) {
        if (attempt < tries && this.store.isLostRace(error)) continue;
        throw this.store.errorOf(error);
      }
    }
  }

  #once<R>(cause: Cause, work: (tx: UnitTx, transaction: StoreTransaction) => Promise<R>): Promise<R> {
    return this.#commit(async (transaction) => {
      const tx = this.#txOf(cause, transaction);
      return { txs: [tx], result: await work(tx, transaction) };
    });
  }

  async #onceForAll({ works }: EventGroup): Promise<void> {
    const results = await this.#commit(async (transaction) => {
      const fresh = await transaction.admitEvents(works.map(({ event }) => ({ event, origin: originOf(event) })));
      const [txs, result]: [UnitTx[], unknown[]] = [[], []];
      for (const { event, useCase } of works) {
        const tx = this.#txOf(event, transaction);
        txs.push(tx);
        // An id that comes twice in a group is new once.
        result.push(fresh.delete(event.id) ? await useCase(tx) : undefined);
      }
      return { txs, result };
    });
    works.forEach(({ resolve }, index) => resolve(results[index]));
  }

  #txOf(cause: Cause, transaction: StoreTransaction): UnitTx {
    return new UnitTx(transaction.rows, cause, new Date(this.clock.nowMs()), this.identity.name);
  }

  /** Writes the outbox of all that ran in a transaction, and commits it. */
  async #commit<R>(work: (transaction: StoreTransaction) => Promise<{ txs: readonly UnitTx[]; result: R }>): Promise<R> {
    const transaction = await this.store.begin();
    try {
      const { txs, result } = await work(transaction);
      const outbox = txs.flatMap((tx) => tx.outbox);
      if (outbox.length > 0) await transaction.addToOutbox(outbox, this.waker.channelToNotify());
      faultPoint('before-commit');
      await transaction.commit();
      faultPoint('after-commit');
      if (outbox.length > 0) this.waker.wake();
      for (const { committed } of txs) for (const action of committed) action();
      return result;
    } finally {
      await transaction.end();
    }
  }
}

/** `millrace.data.<project>.<name>` → `<project>`. */
function projectOf(topic: string): string {
  return /^millrace\.data\.([^.]+)\./.exec(topic)?.[1] ?? 'default';
}
