import { eventCatalogue } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import type { Finding } from '@millrace/decisions';
import { expectedAfter } from '@millrace/decisions';
import { ServiceClient } from '@millrace/runtime';
import { Injectable } from '@nestjs/common';

interface SetAside {
  readonly eventId: string;
  readonly because: { readonly code?: string; readonly detail?: string };
}

const TIMEOUT_MS = 2_000;

/** Asks the services that should have answered an event what became of it. */
@Injectable()
export class MissingAnswer {
  constructor(private readonly client: ServiceClient) {}

  /** What those services say: the event is a dead letter, waits to be tried again, or the service is away. Empty when they know of nothing. */
  async explain(eventId: string, type: string): Promise<Finding[]> {
    const services = new Set(expectedAfter(type).map((expected) => eventCatalogue[expected].producer as ServiceName));
    return (await Promise.all([...services].map((service) => this.#ask(service, eventId)))).flat();
  }

  async #ask(service: ServiceName, eventId: string): Promise<Finding[]> {
    try {
      const [dead, parked] = await Promise.all([this.#setAside(service, '/dead-letters', 'deadLetters'), this.#setAside(service, '/parked-events', 'parkedEvents')]);
      return [...findings(dead, eventId, 'dead-letter', `${service} gave up`), ...findings(parked, eventId, 'parked', `${service} will try again`)];
    } catch {
      return [{ check: 'service-answers', passed: false, detail: `${service} does not answer` }];
    }
  }

  async #setAside(service: ServiceName, path: string, list: string): Promise<readonly SetAside[]> {
    const response = await this.client.raw(service, path, {}, { timeoutMs: TIMEOUT_MS });
    return ((await response.json()) as Record<string, SetAside[]>)[list] ?? [];
  }
}

function findings(setAside: readonly SetAside[], eventId: string, check: string, what: string): Finding[] {
  return setAside.filter((one) => one.eventId === eventId).map(({ because }) => ({ check, passed: false, detail: `${what}: ${because.detail ?? because.code ?? 'no reason is known'}` }));
}
