import { pino } from 'pino';
import type { AnyEvent, EventType, ServiceName } from '@millrace/contracts';
import type { Broker } from '../broker/broker.js';
import { EventConsumer } from '../events/event-consumer.js';
import type { EventHandler } from '../events/event-handling.js';
import { EventHandling } from '../events/event-handling.js';
import { InboxMarks } from '../events/inbox-marks.js';
import { ParkedEvents } from '../events/parked-events.js';
import { retryParked } from '../events/retry-parked.js';
import { DataLane } from '../kafka/data-lane.js';
import type { DataLaneOptions } from '../kafka/data-lane.js';
import { KafkaConnection } from '../kafka/kafka-connection.js';
import { Topics } from '../kafka/topics.js';
import { Metrics } from '../observe/metrics.js';
import { Relay } from '../relay/relay.js';
import { ServiceIdentity } from '../service-identity.js';
import type { Settings } from '../settings.js';
import type { ServiceStore } from '../store/service-store.js';
import { UnitOfWork } from '../work/unit-of-work.js';
import { Leadership } from '../workers/leadership.js';
import type { LeaderLock } from '../workers/leader-lock.js';
import { Workers } from '../workers/workers.js';
import type { SimulatedProcess } from './simulated-process.js';

/** What a replica is made of. */
export interface ServiceParts {
  name: ServiceName;
  process: SimulatedProcess;
  broker: Broker;
  store: ServiceStore;
  lock: LeaderLock;
  partitions: number;
  handlers(work: UnitOfWork): ReadonlyMap<EventType, (event: AnyEvent) => Promise<void>>;
  /** A lane over data topics, with the work that its handler needs. */
  lane?: { topics: string[]; options(work: UnitOfWork): DataLaneOptions };
}

const policy = { firstDelayMs: 500, longestDelayMs: 60_000, tries: 6, internalTries: 3, triesAtOnce: 4 };
const drainMs = 4_000;
const silent = pino({ level: 'silent' });
const metrics = new Map<ServiceName, Metrics>();

/** One replica of a service: the chassis' own classes over what is simulated, put together as in production. */
export class SimulatedService {
  readonly work: UnitOfWork;
  readonly name: ServiceName;
  readonly process: SimulatedProcess;
  readonly #kafka: KafkaConnection;
  readonly #leadership: Leadership;
  readonly #relay: Relay;
  readonly #workers: Workers;
  readonly #consumer: EventConsumer;
  readonly #handlers: ReadonlyMap<EventType, EventHandler>;
  readonly #lane: DataLane | undefined;

  constructor({ name, process, broker, store, lock, partitions, handlers, lane }: ServiceParts) {
    this.name = name;
    this.process = process;
    const { clock } = process;
    const identity = new ServiceIdentity(name, process.name);
    const group = `millrace.${name}`;
    const counted = metricsOf(identity);
    this.#kafka = new KafkaConnection(broker, clock, silent, '');
    const topics = new Topics(this.#kafka, { defaultPartitions: partitions } as Settings);
    this.#leadership = new Leadership(lock, clock, silent);
    this.#relay = new Relay(store, this.#kafka, this.#leadership, silent, counted, topics, clock);
    this.#workers = new Workers(silent, this.#leadership, clock);
    this.work = new UnitOfWork(store, identity, this.#relay, clock);
    const parked = new ParkedEvents(store, identity, this.#relay, clock);
    const marks = new InboxMarks(store, silent, clock);
    const handling = new EventHandling(this.work, parked, policy, group, silent, counted);
    const retryWorker = this.#workers.add({ name: 'retry-parked', intervalMs: 30_000, run: () => retryParked(parked, handling) });
    this.#consumer = new EventConsumer({ kafka: this.#kafka, topics, handling, parked, marks, group, retryWorker });
    this.#handlers = handlers(this.work);
    this.#lane = lane && new DataLane(this.#kafka, lane.options(this.work));
    if (lane) void this.#lane?.setTopics(lane.topics);
  }

  async start(): Promise<void> {
    await this.#leadership.start();
    this.#workers.start();
    this.#consumer.start(this.#handlers);
    await this.#lane?.start();
  }

  /** Finishes what is in hand, in the order of a service that is asked to stop. */
  async stop(): Promise<void> {
    this.process.world.note(() => `${this.process.name} is asked to stop`);
    await this.#consumer.stop();
    await this.#workers.stop();
    await this.#kafka.stopAll();
    await this.#relay.stop(drainMs);
    await this.#leadership.stop();
    this.process.kill();
  }
}

function metricsOf(identity: ServiceIdentity): Metrics {
  const known = metrics.get(identity.name);
  if (known) return known;
  const made = new Metrics(identity);
  metrics.set(identity.name, made);
  return made;
}
