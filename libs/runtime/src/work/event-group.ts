import { AsyncResource } from 'node:async_hooks';
import type { Event, EventType } from '@millrace/contracts';
import type { Tx } from './tx.js';

type AnyCause = Event<EventType>;

/** What a handler wants done for its event; it waits for the end. */
export interface GroupedWork {
  event: AnyCause;
  useCase(tx: Tx): Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Handlers that were called together: each waits with its use case until all have come so far, so that one transaction can take them all. */
export class EventGroup {
  readonly #works = new Map<AnyCause, GroupedWork>();
  readonly #arrived = new Map<AnyCause, () => void>();
  readonly #done = new Set<AnyCause>();
  #ends: Promise<void>[] = [];
  #failure: { error: unknown } | undefined;

  constructor(private readonly events: readonly AnyCause[]) {}

  /** Calls the handlers. Resolves when each waits in `join` or has ended; throws what one of them threw before it came so far. */
  async call(handle: (event: AnyCause) => Promise<void>): Promise<void> {
    const arrivals = this.events.map((event) => new Promise<void>((resolve) => this.#arrived.set(event, resolve)));
    this.#ends = this.events.map(async (event) => {
      try {
        await handle(event);
        this.#done.add(event);
      } catch (error) {
        this.#failure ??= { error };
      }
      this.#arrived.get(event)?.();
    });
    await Promise.all(arrivals);
    if (this.#failure) throw this.#failure.error;
  }

  /** A handler's work, which runs in the handler's own trace; settles when the transaction has ended. */
  join<R>(event: AnyCause, useCase: (tx: Tx) => Promise<R>): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#works.set(event, { event, useCase: AsyncResource.bind(useCase), resolve: (result) => resolve(result as R), reject });
      this.#arrived.get(event)?.();
    });
  }

  /** In the order of the events. */
  get works(): GroupedWork[] {
    return this.events.flatMap((event) => this.#works.get(event) ?? []);
  }

  /** Nothing was committed, or nobody knows: every handler hears of it. Resolves when they have ended. */
  async undo(error: unknown): Promise<void> {
    for (const { reject } of this.#works.values()) reject(error);
    await Promise.all(this.#ends);
  }

  /** The events whose handlers ended well. */
  async done(): Promise<ReadonlySet<AnyCause>> {
    await Promise.all(this.#ends);
    return this.#done;
  }
}
