import { MillraceError } from '@millrace/contracts';
import type { QueryRunner } from 'typeorm';
import { faultPoint } from '../fault-point.js';
import type { DataRecord, RecordBatch } from '../broker/data-record.js';
import type { ServiceIdentity } from '../service-identity.js';
import { timerCause, isEvent } from './cause.js';
import type { Cause } from './cause.js';
import type { Database } from './database.js';
import { databaseError, isLostRace } from './database-errors.js';
import { admitEvent, admitRequest, lockPosition, movePosition, storeAnswer } from './inbox.js';
import { writeOutbox } from './outbox.js';
import type { OutboxWaker } from './outbox-waker.js';
import { RunnerReadTx } from './runner-read-tx.js';
import { Turnstile } from './turnstile.js';
import type { ReadTx, Tx } from './tx.js';
import { UnitTx } from './unit-tx.js';

/** Runs of a transaction that Postgres ended for the sake of another, before the caller sees a conflict. */
const tries = 4;

/** The only door to the database: inbox, rows and outbox of one cause in one transaction. */
export class UnitOfWork {
  /** Events and workers leave a connection of the pool for requests. */
  readonly #turnstile: Turnstile;

  constructor(
    private readonly database: Database,
    private readonly identity: ServiceIdentity,
    private readonly waker: OutboxWaker,
  ) {
    this.#turnstile = new Turnstile(Math.max(1, database.connections - 1));
  }

  /**
   * Runs a use case for a cause in one transaction and wakes the relay after the commit. Once per event: an event handled before
   * gives undefined, a repeated request (same actor, operation and Idempotency-Key) its stored answer. Call it once per handler.
   * Errors: those of the use case; `stale-version` for a lost race, `database-unavailable`.
   */
  run<R>(cause: Cause, useCase: (tx: Tx) => Promise<R>): Promise<R> {
    return this.#transaction(cause, async (tx, runner) => {
      if (isEvent(cause)) return (await admitEvent(runner, cause)) ? useCase(tx) : (undefined as R);
      if (cause.kind === 'timer') return useCase(tx);
      const earlier = await admitRequest(runner, cause);
      if (earlier) return earlier.answer as R;
      const answer = await useCase(tx);
      await storeAnswer(runner, cause, answer);
      return answer;
    });
  }

  /**
   * The same for data records of one partition: records below the partition's position are dropped, the position moves behind
   * the last one. Undefined when all were handled before.
   */
  runBatch<R>(batch: RecordBatch, useCase: (tx: Tx, records: DataRecord[]) => Promise<R>): Promise<R | undefined> {
    const { topic, partition } = batch;
    return this.#transaction(timerCause({ name: this.identity.name, project: projectOf(topic) }), async (tx, runner) => {
      const position = await lockPosition(runner, topic, partition);
      const records = position === null ? batch.records : batch.records.filter(({ offset }) => offset >= position);
      const last = records.at(-1);
      if (!last) return undefined;
      const result = await useCase(tx, records);
      await movePosition(runner, topic, partition, last.offset + 1n);
      return result;
    });
  }

  /** The first offset that `runBatch` has not handled; null before the first batch. For `DataLane`'s `resumeAt`. */
  async positionOf(topic: string, partition: number): Promise<bigint | null> {
    const [row] = await this.database.query<{ next_offset: number }>('select next_offset from inbox_positions where topic = $1 and partition = $2', [topic, partition]);
    return row === undefined || row.next_offset < 0 ? null : BigInt(row.next_offset);
  }

  /** Reads several things as of one moment, without effect: no inbox, no outbox. */
  async read<R>(useCase: (tx: ReadTx) => Promise<R>): Promise<R> {
    const runner = this.database.runner();
    try {
      await runner.query('begin transaction isolation level repeatable read read only');
      const result = await useCase(new RunnerReadTx(runner, new Date()));
      await runner.query('commit');
      return result;
    } catch (error) {
      await runner.query('rollback').catch(() => undefined);
      throw databaseError(error);
    } finally {
      await runner.release();
    }
  }

  async #transaction<R>(cause: Cause, work: (tx: UnitTx, runner: QueryRunner) => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (!isEvent(cause) && cause.kind === 'request') return await this.#once(cause, work);
        return await this.#turnstile.run(() => this.#once(cause, work));
      } catch (error) {
        if (attempt < tries && isLostRace(error)) continue;
        throw databaseError(error);
      }
    }
  }

  async #once<R>(cause: Cause, work: (tx: UnitTx, runner: QueryRunner) => Promise<R>): Promise<R> {
    const runner = this.database.runner();
    const tx = new UnitTx(runner, cause, new Date(), { service: this.identity.name, schema: this.database.schema });
    try {
      await runner.startTransaction();
      const result = await work(tx, runner);
      await writeOutbox(runner, this.database.schema, tx.outbox, this.waker.channelToNotify());
      faultPoint('before-commit');
      await runner.commitTransaction();
      faultPoint('after-commit');
      if (tx.outbox.length > 0) this.waker.wake();
      for (const action of tx.committed) action();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release().catch((error: unknown) => {
        throw new MillraceError('database-unavailable', 'The connection could not be given back', { cause: error });
      });
    }
  }
}

/** `millrace.data.<project>.<name>` → `<project>`. */
function projectOf(topic: string): string {
  return /^millrace\.data\.([^.]+)\./.exec(topic)?.[1] ?? 'default';
}
