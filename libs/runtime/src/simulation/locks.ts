/** The transaction would wait for itself. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';
}

/** What holds locks until it ends. */
export interface Holder {
  readonly id: number;
}

interface Lock {
  owner: Holder;
  waiting: { holder: Holder; go: () => void; over: () => void }[];
}

/** Exclusive locks by name, first come first served; who would close a circle is refused. */
export class Locks {
  readonly #locks = new Map<string, Lock>();
  readonly #held = new Map<Holder, string[]>();
  readonly #waitsFor = new Map<Holder, Lock>();

  /** Calls `go` when the lock is held, at once if it is free, or `over` when the holder ends before that. Throws `Deadlock`. */
  acquire(holder: Holder, name: string, go: () => void, over: () => void): void {
    const lock = this.#locks.get(name);
    if (!lock) {
      this.#locks.set(name, { owner: holder, waiting: [] });
      this.#note(holder, name);
      return go();
    }
    if (lock.owner === holder) return go();
    if (this.#leadsTo(lock, holder)) throw new Deadlock(`A deadlock over ${name}`);
    lock.waiting.push({ holder, go, over });
    this.#waitsFor.set(holder, lock);
  }

  releaseAll(holder: Holder): void {
    const waitedFor = this.#waitsFor.get(holder);
    const given = waitedFor?.waiting.filter((one) => one.holder === holder) ?? [];
    if (waitedFor) waitedFor.waiting = waitedFor.waiting.filter((one) => one.holder !== holder);
    this.#waitsFor.delete(holder);
    for (const { over } of given) over();
    const names = this.#held.get(holder) ?? [];
    this.#held.delete(holder);
    for (const name of names) this.#pass(name);
  }

  #pass(name: string): void {
    const lock = this.#locks.get(name);
    const next = lock?.waiting.shift();
    if (!lock || !next) {
      this.#locks.delete(name);
      return;
    }
    lock.owner = next.holder;
    this.#waitsFor.delete(next.holder);
    this.#note(next.holder, name);
    next.go();
  }

  #note(holder: Holder, name: string): void {
    const names = this.#held.get(holder);
    if (names) names.push(name);
    else this.#held.set(holder, [name]);
  }

  #leadsTo(lock: Lock, holder: Holder): boolean {
    for (let next: Lock | undefined = lock; next; next = this.#waitsFor.get(next.owner)) if (next.owner === holder) return true;
    return false;
  }
}
