import type { ServiceName } from '@millrace/contracts';
import { eventCatalogue } from '@millrace/contracts';
import type { DataRecord } from '../broker/data-record.js';
import { dataRecordType } from '../store/outbox-row.js';
import { EffectRow, handledBy, RecordRow } from './cascade.js';
import { dataTopic } from './platform.js';
import type { Platform } from './platform.js';
import type { SimulatedTables } from './simulated-tables.js';

/** Looks at what is committed and at the topics, from outside; knows nothing of how the chassis works. */
export class Checker {
  constructor(private readonly platform: Platform) {}

  /** True when nothing waits anywhere. */
  isDrained(): boolean {
    for (const tables of this.platform.database.tables.values()) if (tables.parked.size > 0 || tables.outbox.some(({ isSent }) => !isSent)) return false;
    return this.losses().next().done === true;
  }

  /** What is wrong at this moment, and must not be at any. */
  *faults(): Generator<string> {
    for (const [service, tables] of this.platform.database.tables) yield* this.#effectsOf(service, tables);
    for (const [service, tables] of this.platform.database.tables) yield* this.#topicsOf(service, tables);
    for (const [service, tables] of this.platform.database.tables) yield* this.#answers(service, tables);
    yield* this.#records();
  }

  /** What is wrong when everything has drained. */
  *losses(): Generator<string> {
    for (const { service, tables, log } of this.#readings()) {
      const done = new Map(effectsIn(tables).map(({ event }) => [event, true]));
      const dead = new Set([...tables.deadLetters.values()].flatMap(({ eventId, isReplayed }) => (isReplayed ? [] : [eventId])));
      for (const record of log) {
        const id = record.headers['ce_id'] ?? '';
        if (!this.#concerns(service, record)) continue;
        if (!done.has(id) && !dead.has(id)) yield `${service} lost ${id} at ${record.topic}/${record.partition}/${record.offset}`;
      }
    }
    for (const [service, tables] of this.platform.database.tables) yield* this.#unsent(service, tables);
    const kept = new Set([...this.#recordRows()].map(({ partition, offset }) => `${partition}/${offset}`));
    if (this.platform.shape.hasLane) for (const log of this.#dataLogs()) for (const { partition, offset } of log) if (!kept.has(`${partition}/${offset}`)) yield `the lane lost ${partition}/${offset}`;
  }

  /** Each event at most once, done or dead, in the order of its key. */
  *#effectsOf(service: ServiceName, tables: SimulatedTables): Generator<string> {
    const seen = new Set<string>();
    for (const { event } of effectsIn(tables)) {
      if (seen.has(event)) yield `${service} did ${event} twice`;
      seen.add(event);
    }
    const dead = new Set<string>();
    for (const { eventId, record, isReplayed } of tables.deadLetters.values()) {
      if (!isReplayed && seen.has(eventId)) yield `${service} did ${eventId}, and it is a dead letter at ${record.topic}/${record.partition}/${record.offset}`;
      if (dead.has(eventId)) yield `${service} has two dead letters of ${eventId}`;
      dead.add(eventId);
    }
    yield* this.#order(service, tables);
  }

  *#order(service: ServiceName, tables: SimulatedTables): Generator<string> {
    const places = new Map<string, number>();
    for (const [topic, logs] of this.platform.cluster.topics) for (const log of logs) for (const { headers, offset } of log) {
      const name = `${topic} ${headers['ce_id'] ?? ''}`;
      if (!places.has(name)) places.set(name, Number(offset));
    }
    // A replay comes after what its key has done meanwhile.
    const replayed = new Set([...tables.deadLetters.values()].flatMap(({ isReplayed, eventId }) => (isReplayed ? [eventId] : [])));
    const last = new Map<string, number>();
    for (const { event, topic, key } of effectsIn(tables)) {
      if (replayed.has(event)) continue;
      const place = places.get(`${topic} ${event}`) ?? -1;
      const name = `${topic} ${key}`;
      if (place < (last.get(name) ?? -1)) yield `${service} did ${event} of ${key} after a later event of the key`;
      last.set(name, place);
    }
  }

  /** What stands in the service's topics was committed, and comes for the first time in the order of the commits per key. */
  *#topicsOf(service: ServiceName, tables: SimulatedTables): Generator<string> {
    const positions = new Map(tables.outbox.map(({ id, position }) => [id, position]));
    for (const [topic, logs] of this.platform.cluster.topics) {
      if (!topic.startsWith(`millrace.${service}.`) || topic.endsWith('.dead-letter')) continue;
      for (const log of logs) yield* firstsInOrder(log, positions);
    }
  }

  /** Of each event that was done, what follows from it was written, once; of others nothing. */
  *#answers(service: ServiceName, tables: SimulatedTables): Generator<string> {
    const answered = new Set<string>();
    for (const { id, type, headers } of tables.outbox) {
      const cause = headers['ce_causationid'] ?? '';
      if (service === 'training' || type.includes('.dead-letter.')) continue;
      if (answered.has(cause)) yield `${service} wrote ${id} to the outbox as a second answer to ${cause}`;
      answered.add(cause);
    }
    for (const { event, topic } of effectsIn(tables)) if (isAnswered(service, topic) && !answered.delete(event)) yield `${service} did ${event} and wrote nothing to the outbox`;
    for (const cause of answered) yield `${service} wrote to the outbox what follows from ${cause}, which it did not do`;
  }

  *#unsent(service: ServiceName, tables: SimulatedTables): Generator<string> {
    const sent = new Set([...this.platform.cluster.topics.values()].flat(2).map(({ headers }) => headers['ce_id']));
    for (const { id, type } of tables.outbox) if (type !== dataRecordType && !sent.has(id)) yield `${service} never sent ${id}`;
    const letters = tables.outbox.filter(({ type }) => type.includes('.dead-letter.recorded.'));
    if (letters.length < tables.deadLetters.size) yield `${service} has told of ${letters.length} of its ${tables.deadLetters.size} dead letters`;
  }

  *#records(): Generator<string> {
    const next = [0n, 0n];
    for (const { partition, offset } of this.#recordRows()) {
      if (offset !== next[partition]) yield `the lane handled ${partition}/${offset} when ${next[partition]} was next`;
      next[partition] = offset + 1n;
    }
  }

  *#readings(): Generator<{ service: ServiceName; tables: SimulatedTables; log: DataRecord[] }> {
    for (const [service, tables] of this.platform.database.tables) {
      for (const topic of new Set((handledBy[service] ?? []).map((type) => eventCatalogue[type].topic))) {
        for (const log of this.platform.cluster.topics.get(topic) ?? []) yield { service, tables, log };
      }
    }
  }

  #concerns(service: ServiceName, { headers }: DataRecord): boolean {
    return (handledBy[service] ?? []).some((type) => type === headers['ce_type']);
  }

  #dataLogs(): DataRecord[][] {
    return this.platform.cluster.topics.get(dataTopic) ?? [];
  }

  #recordRows(): RecordRow[] {
    return [...(this.platform.database.tables.get('governance')?.rowsOf(RecordRow).values() ?? [])] as RecordRow[];
  }
}

function isAnswered(service: ServiceName, topic: string): boolean {
  return service === 'deployment' || (service === 'governance' && topic === 'millrace.deployment.pipeline-part');
}

/** In the order of the commits. */
function effectsIn(tables: SimulatedTables): EffectRow[] {
  return [...tables.rowsOf(EffectRow).values()] as EffectRow[];
}

function* firstsInOrder(log: readonly DataRecord[], positions: ReadonlyMap<string, number>): Generator<string> {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const { key, headers, topic } of log) {
    const id = headers['ce_id'] ?? '';
    if (seen.has(id)) continue;
    seen.add(id);
    const position = positions.get(id);
    if (position === undefined) yield `${id} stands in ${topic} and was never committed`;
    else if (position < (last.get(key ?? '') ?? 0)) yield `${id} of ${key} stands in ${topic} behind a later event of the key`;
    if (position !== undefined) last.set(key ?? '', position);
  }
}
