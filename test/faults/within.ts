import { setTimeout as pause } from 'node:timers/promises';

const tries = 6;
const longestMs = 30_000;
/** As long as a broker takes to come back. */
const betweenMs = 2_000;

/** The result of a question that may hang or fail (a client whose broker was just restarted): asked again, six times in all. @throws what went wrong the last time */
export async function within<R>(what: string, ask: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} was not answered within ${longestMs / 1000} s`)), longestMs);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      if (attempt === tries) throw error;
      await pause(betweenMs);
    } finally {
      clearTimeout(timer);
    }
  }
}
