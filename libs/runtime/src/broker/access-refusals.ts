import type { Logger } from 'pino';
import { accessFaultOf } from './access-fault.js';
import type { ClientPlace } from './access-fault.js';

const repeatedAfterMs = 60_000;

/** Says once a minute, in one sentence, why the broker keeps a client out: clients try again and again, and their own words are many. */
export class AccessRefusals {
  #lastSentence = '';
  #lastToldMs = 0;

  constructor(
    private readonly place: ClientPlace,
    private readonly logger: Logger,
  ) {}

  /** Logs the sentence if the error is such a refusal. @returns the error to go on with: the refusal, or the error itself */
  tell(error: unknown): unknown {
    const fault = accessFaultOf(error, this.place);
    if (!fault) return error;
    const nowMs = performance.now();
    if (fault.message !== this.#lastSentence || nowMs > this.#lastToldMs + repeatedAfterMs) {
      this.#lastSentence = fault.message;
      this.#lastToldMs = nowMs;
      this.logger.error({ code: fault.code }, fault.message);
    }
    return fault;
  }

  /** The same result; a refusal becomes `kafka-access-refused`. */
  async explained<R>(work: Promise<R>): Promise<R> {
    try {
      return await work;
    } catch (error) {
      throw this.tell(error);
    }
  }
}
