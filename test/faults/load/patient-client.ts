import { setTimeout as pause } from 'node:timers/promises';

const answerMs = 10_000;
const pauseMs = 250;
/** Answers that say "not now": the client asks again. */
const again = new Set([429, 500, 502, 503, 504]);

export interface HttpAnswer {
  status: number;
  text: string;
}

/** A client that asks until it is answered, with the same Idempotency-Key each time. */
export class PatientClient {
  private readonly url: string;
  private readonly token: string;
  /** Tries that were not answered, or with "not now", by status; 0: no answer. */
  readonly refusals = new Map<number, number>();
  asked = 0;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** @throws when nobody answers until the signal ends the patience */
  async ask(method: 'GET' | 'POST', path: string, options: { body?: object; key?: string; signal?: AbortSignal } = {}): Promise<HttpAnswer> {
    for (;;) {
      options.signal?.throwIfAborted();
      this.asked += 1;
      const answer = await this.once(method, path, options);
      if (answer !== undefined && !again.has(answer.status)) return answer;
      const status = answer?.status ?? 0;
      this.refusals.set(status, (this.refusals.get(status) ?? 0) + 1);
      await pause(pauseMs);
    }
  }

  private async once(method: string, path: string, { body, key }: { body?: object; key?: string }): Promise<HttpAnswer | undefined> {
    try {
      const response = await fetch(this.url + path, {
        method, signal: AbortSignal.timeout(answerMs),
        headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(key === undefined ? {} : { 'idempotency-key': key }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  }
}
