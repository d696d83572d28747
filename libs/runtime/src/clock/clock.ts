/** Time as the chassis sees it, so that a simulation can run the same code over a time of its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Runs an action once after so many milliseconds, unless cancelled. */
  after(delayMs: number, action: () => void): Timer;
}
export const Clock = Symbol('Clock');

export interface Timer {
  /** The action does not run any more. Idempotent. */
  cancel(): void;
}

/** Resolves after so many milliseconds. */
export function delayOf(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}
