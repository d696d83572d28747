import { setTimeout as delay } from 'node:timers/promises';

const defaultTimeoutMs = 10_000;
const pauseMs = 25;

/** Tries an assertion until it passes and gives its result; after the time-out the last failure is thrown. */
export async function eventually<R>(assertion: () => R | Promise<R>, timeoutMs: number = defaultTimeoutMs): Promise<R> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(pauseMs);
  }
}
