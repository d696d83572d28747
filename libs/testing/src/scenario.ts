import type { AnyEvent, EventData, EventType, OperationId, OperationInput, ServiceName } from '@millrace/contracts';
import { eventCatalogue } from '@millrace/contracts';
import type { Type } from '@nestjs/common';
import { eventually } from './eventually.js';
import { TestKafka } from './test-kafka.js';
import type { GivenEvent } from './test-kafka.js';
import { testService } from './test-service.js';
import type { Answer, CallAs, TestServiceOptions } from './test-service.js';

/** A request of the contract, for `when`. */
export interface WhenRequest<Id extends OperationId = OperationId> {
  operation: Id;
  input: OperationInput<Id>;
  as?: CallAs;
}

/** An expected event: its type, and a part of its data or a check of it. */
export interface ExpectedEvent<T extends EventType = EventType> {
  type: T;
  data?: Partial<EventData[T]> | ((data: EventData[T]) => void);
}

type When = GivenEvent | WhenRequest;

/**
 * `await scenario(RegistryModule, { name: 'registry' }).given(...events).when(request).thenEmits(...events)`: a service on real
 * Kafka and Postgres is told what happened before, then one thing happens, and its events are compared. It stops afterwards.
 */
export function scenario(module: Type, options: TestServiceOptions): Scenario {
  return new Scenario(module, options);
}

export class Scenario {
  readonly #given: GivenEvent[] = [];
  #when: When[] = [];

  constructor(
    private readonly module: Type,
    private readonly options: TestServiceOptions,
  ) {}

  /** Events that the service has handled before. */
  given(...events: GivenEvent[]): this {
    this.#given.push(...events);
    return this;
  }

  /** What happens: requests and events, in order. */
  when(...what: When[]): this {
    this.#when = what;
    return this;
  }

  /** The service emits these, in this order among themselves, and nothing else of these types. */
  async thenEmits(...expected: ExpectedEvent[]): Promise<AnyEvent[]> {
    const types = [...new Set(expected.map(({ type }) => type))];
    const { emitted } = await this.#run(types, expected.length);
    expected.forEach((one, index) => compare(emitted[index], one));
    expect(emitted.map(({ type }) => type)).toEqual(expected.map(({ type }) => type));
    return emitted;
  }

  /** The service handles everything and emits nothing of its own. */
  async thenEmitsNothing(): Promise<void> {
    const own = (Object.keys(eventCatalogue) as EventType[]).filter((type) => eventCatalogue[type].producer === this.options.name);
    const { emitted } = await this.#run(own, 0);
    expect(emitted).toEqual([]);
  }

  /** The last request is answered with this status and, if given, this part of a body. */
  async thenAnswers(status: number, body?: object): Promise<Answer> {
    const { answers } = await this.#run([], 0);
    const answer = answers.at(-1);
    expect(answer).toMatchObject({ status, ...(body === undefined ? {} : { body }) });
    return answer as Answer;
  }

  async #run(types: EventType[], count: number): Promise<{ emitted: AnyEvent[]; answers: Answer[] }> {
    const service = await testService(this.module, this.options);
    const kafka = new TestKafka(service.environment);
    try {
      const group = `millrace.${this.options.name}`;
      await handled(kafka, group, this.#given);
      const collected = types.length > 0 ? await kafka.collectEvents(...types) : (): AnyEvent[] => [];
      const sentAt = new Date().toISOString();
      const answers: Answer[] = [];
      for (const what of this.#when) {
        if ('operation' in what) answers.push(await service.call(what.operation, what.input, what.as));
        else await handled(kafka, group, [what]);
      }
      const since = (): AnyEvent[] => collected().filter(({ time }) => time >= sentAt);
      await eventually(async () => {
        const [unsent] = await service.environment.query<{ n: number }>(`select count(*)::int as n from "${schemaOf(this.options.name)}".outbox where published_at is null`);
        expect({ unsent: unsent?.n, emitted: since().length >= count }).toEqual({ unsent: 0, emitted: true });
      });
      return { emitted: since(), answers };
    } finally {
      await kafka.stop();
      await service.stop();
    }
  }
}

async function handled(kafka: TestKafka, group: string, events: GivenEvent[]): Promise<void> {
  await kafka.sendEvents(...events);
  for (const topic of new Set(events.map(({ type }) => eventCatalogue[type].topic))) await kafka.caughtUp(group, topic);
}

function compare(emitted: AnyEvent | undefined, { type, data }: ExpectedEvent): void {
  expect(emitted?.type).toBe(type);
  if (typeof data === 'function') (data as (data: unknown) => void)(emitted?.data);
  else if (data !== undefined) expect(emitted?.data).toMatchObject(data);
}

function schemaOf(name: ServiceName): string {
  return name.replaceAll('-', '_');
}
