import { MillraceError } from '@millrace/contracts';
import type { AnyEvent, ErrorCode, EventType, ServiceName } from '@millrace/contracts';
import { delayOf } from '../clock/clock.js';
import type { DataRecord } from '../broker/data-record.js';
import { originOf } from '../events/event-origin.js';
import type { Tx } from '../work/tx.js';
import type { UnitOfWork } from '../work/unit-of-work.js';
import type { SimulatedProcess } from './simulated-process.js';
import type { World } from './world.js';

/** What an event did in a service: one row in the transaction that handled it. */
export class EffectRow {
  id: string;
  event: string;
  topic: string;
  partition: number;
  key: string;
}

/** What a data record did. */
export class RecordRow {
  id: string;
  topic: string;
  partition: number;
  offset: bigint;
}

/** How an event fares in a service: it fails so many times with this error. */
interface Fate {
  failures: number;
  code: ErrorCode | null;
  slowMs: number;
}

const placed = 'millrace.training.hold.placed.v1';
const ready = 'millrace.deployment.pipeline-part.ready.v1';
const stalled = 'millrace.governance.cascade.stalled.v1';
/** Which service handles what: a chain of three with a branch. */
export const handledBy: Partial<Record<ServiceName, EventType[]>> = { training: [], deployment: [placed], governance: [placed, ready], registry: [stalled, ready] };

const fates: { code: ErrorCode | null; failures: [number, number] }[] = [
  { code: 'object-store-unavailable', failures: [1, 3] },
  { code: 'model-version-not-found', failures: [1, 8] },
  { code: 'stale-version', failures: [1, 5] },
  { code: 'invalid-request', failures: [1, 1] },
  { code: null, failures: [1, 4] },
];

/** What the services of a schedule do, and how their handlers fail. */
export class Cascade {
  readonly #fates = new Map<string, Fate>();

  constructor(
    private readonly world: World,
    /** Share of events whose handling fails. */
    private readonly troubled: number,
  ) {}

  handlers(service: ServiceName, process: SimulatedProcess, work: UnitOfWork): Map<EventType, (event: AnyEvent) => Promise<void>> {
    const handle = (event: AnyEvent): Promise<void> => work.run(event, (tx) => this.#apply(service, process, tx, event));
    return new Map((handledBy[service] ?? []).map((type) => [type, handle]));
  }

  /** Something happens at the beginning of the chain: one transaction, events of some keys. */
  async begin(tx: Tx, keys: readonly string[], numberOf: () => number): Promise<void> {
    for (const pipeline of keys) tx.emit(placed, { pipeline, hold: `hold-${numberOf()}`, incident: 'default/asked', because: [] });
    await Promise.resolve();
  }

  async #apply(service: ServiceName, process: SimulatedProcess, tx: Tx, event: AnyEvent): Promise<void> {
    const fate = this.#fateOf(service, event.id);
    if (fate.slowMs > 0) await delayOf(process.clock, fate.slowMs);
    const { topic = '', partition = 0 } = originOf(event) ?? {};
    await tx.insert(EffectRow, { id: tx.newId(), event: event.id, topic, partition, key: event.subject });
    this.#emitNext(service, tx, event);
    if (fate.failures <= 0) return;
    fate.failures -= 1;
    throw fate.code === null ? new Error('The handler is broken') : new MillraceError(fate.code, 'as the seed says');
  }

  #emitNext(service: ServiceName, tx: Tx, event: AnyEvent): void {
    const pipeline = event.subject;
    if (service === 'deployment') tx.emit(ready, { pipeline, version: 1, because: [] });
    if (service === 'governance' && event.type === ready) tx.emit(stalled, { pipeline, correlation: event.correlationId, lastEvent: { id: event.id, type: event.type }, because: [] });
  }

  #fateOf(service: ServiceName, event: string): Fate {
    const name = `${service} ${event}`;
    const known = this.#fates.get(name);
    if (known) return known;
    const { random } = this.world;
    const slowMs = random.chance(0.03) ? random.between(10, 5_000) : 0;
    const fate: Fate = { failures: 0, code: null, slowMs };
    if (random.chance(this.troubled)) {
      const { code, failures } = random.pick(fates);
      Object.assign(fate, { code, failures: random.between(...failures) });
    }
    this.#fates.set(name, fate);
    return fate;
  }
}

/** A lane's handler: a row for each record. */
export async function keepRecords(tx: Tx, records: readonly DataRecord[]): Promise<void> {
  await tx.insert(RecordRow, records.map(({ topic, partition, offset }) => ({ id: tx.newId(), topic, partition, offset })));
}
