/** Memory that open and staged stretches of all partitions may hold together. */
export class IntakeBudget {
  readonly #held = new Map<object, number>();
  #bytes = 0;
  #room: PromiseWithResolvers<void> | null = null;

  constructor(private readonly mostBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nobody should take more before something is staged. */
  get isSpent(): boolean {
    return this.#bytes >= this.mostBytes;
  }

  /** Resolves when more may be taken. */
  async room(): Promise<void> {
    while (this.isSpent) await (this.#room ??= Promise.withResolvers<void>()).promise;
  }

  /** Notes what a holder holds now. */
  holds(holder: object, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(holder) ?? 0);
    this.#held.set(holder, bytes);
  }

  gone(holder: object): void {
    this.#bytes -= this.#held.get(holder) ?? 0;
    this.#held.delete(holder);
    if (this.isSpent) return;
    this.#room?.resolve();
    this.#room = null;
  }
}
