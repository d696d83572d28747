import { eventCatalogue } from '@millrace/contracts';
import type { DeadLetter, ParkedEvent, ServiceName } from '@millrace/contracts';
import type { Finding } from '@millrace/decisions';
import { expectedAfter } from '@millrace/decisions';
import { ServiceClient } from '@millrace/runtime';
import { Injectable } from '@nestjs/common';

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
    const options = { service, timeoutMs: TIMEOUT_MS };
    try {
      const [{ deadLetters }, { parkedEvents }] = await Promise.all([this.client.call('listDeadLetters', { eventId, state: 'open', limit: 1 }, options), this.client.call('listParkedEvents', { eventId, limit: 1 }, options)]);
      return [...deadLetters.map(deadLetterFinding), ...parkedEvents.map(parkedFinding)];
    } catch {
      return [{ check: 'service-answers', passed: false, detail: `${service} does not answer` }];
    }
  }
}

function deadLetterFinding({ service, id, because }: DeadLetter): Finding {
  return { check: 'dead-letter', passed: false, detail: `${service} gave up (dead letter ${id}): ${because.detail}` };
}

function parkedFinding({ service, because, nextAttemptAt }: ParkedEvent): Finding {
  const detail = because === null ? `${service} has it behind an earlier event of the same key that it cannot handle yet` : `${service} will try again at ${nextAttemptAt}: ${because.detail}`;
  return { check: 'parked', passed: false, detail };
}
