import type { ServiceName } from '@millrace/contracts';
import { eventCatalogue } from '@millrace/contracts';
import type { Broker } from '../broker/broker.js';
import type { DataLaneOptions } from '../kafka/data-lane.js';
import type { ServiceStore } from '../store/service-store.js';
import { timerCause } from '../work/cause.js';
import type { UnitOfWork } from '../work/unit-of-work.js';
import { Cascade, handledBy, keepRecords } from './cascade.js';
import { SimulatedBroker } from './simulated-broker.js';
import { SimulatedCluster } from './simulated-cluster.js';
import { SimulatedDatabase } from './simulated-database.js';
import { SimulatedLeaderLock } from './simulated-leader-lock.js';
import { SimulatedProcess } from './simulated-process.js';
import { SimulatedService } from './simulated-service.js';
import { SimulatedStore } from './simulated-store.js';
import { SimulatedTables } from './simulated-tables.js';
import type { StoreFlaws } from './simulated-transaction.js';
import type { World } from './world.js';

/** How large a schedule is and how often things go wrong in it. */
export interface PlatformShape {
  services: ServiceName[];
  replicas: number;
  partitions: number;
  keys: number;
  /** Share of requests that go wrong in each of the ways. */
  faultRate: number;
  troubled: number;
  hasLane: boolean;
}

/** Wrong on purpose: what a test puts between the chassis and the simulation, to see that it is found. */
export interface Planted {
  broker?(broker: Broker): Broker;
  store?(store: ServiceStore): ServiceStore;
  flaws?: StoreFlaws;
}

export const dataTopic = 'millrace.data.default.readings';

/** The services of one schedule over one Kafka and one Postgres. */
export class Platform {
  readonly cluster: SimulatedCluster;
  readonly database: SimulatedDatabase;
  readonly services = new Map<SimulatedProcess, SimulatedService>();
  readonly #cascade: Cascade;
  #begun = 0;

  constructor(
    readonly world: World,
    readonly shape: PlatformShape,
    private readonly planted: Planted = {},
  ) {
    const { faultRate, troubled } = shape;
    const faults = { lostRequest: faultRate, lostAnswer: faultRate, late: faultRate / 2, slow: faultRate * 2 };
    this.cluster = new SimulatedCluster(world, faults);
    this.database = new SimulatedDatabase(world, faults, new Map(shape.services.map((name) => [name, new SimulatedTables()])));
    this.#cascade = new Cascade(world, troubled);
    for (const name of shape.services) for (const type of handledBy[name] ?? []) this.cluster.create(eventCatalogue[type].topic, shape.partitions);
    this.cluster.create(dataTopic, 2);
    for (const name of shape.services) for (let replica = 1; replica <= shape.replicas; replica += 1) this.start(name, replica);
  }

  start(name: ServiceName, replica: number): void {
    const { world, shape } = this;
    const process = new SimulatedProcess(world, `${name}-${replica}`);
    process.onSilence((durationMs) => (durationMs === Infinity ? this.#gone(name, replica, process) : undefined));
    const broker: Broker = new SimulatedBroker(this.cluster, process);
    const store: ServiceStore = new SimulatedStore(this.database, process, name, this.planted.flaws);
    const service = new SimulatedService({
      name,
      process,
      broker: this.planted.broker?.(broker) ?? broker,
      store: this.planted.store?.(store) ?? store,
      lock: new SimulatedLeaderLock(this.database, process, name),
      partitions: shape.partitions,
      handlers: (work) => this.#cascade.handlers(name, process, work),
      ...(shape.hasLane && name === 'governance' ? { lane: { topics: [dataTopic], options: laneOf } } : {}),
    });
    this.services.set(process, service);
    void service.start();
  }

  #gone(name: ServiceName, replica: number, process: SimulatedProcess): void {
    this.services.delete(process);
    this.database.clientGone(process);
    this.world.after(this.world.random.between(1, 3_000), () => this.start(name, replica));
  }

  /** One transaction at the beginning of the chain, in some replica. */
  begin(): void {
    const { random } = this.world;
    const replicas = [...this.services.values()].filter(({ name }) => name === 'training');
    if (replicas.length === 0) return;
    const keys = Array.from({ length: random.between(1, 3) }, () => `default/p${random.between(1, this.shape.keys)}`);
    const cause = timerCause({ name: 'training', project: 'default' });
    // A caller who hears of a failure does nothing more: what was committed is in the database.
    void random.pick(replicas).work.run(cause, (tx) => this.#cascade.begin(tx, keys, () => (this.#begun += 1))).catch(() => undefined);
  }

  /** An operator has every dead letter of a service tried again. */
  replay(): void {
    const [name, tables] = this.world.random.pick([...this.database.tables]);
    if (tables.deadLetters.size === 0 || !this.database.isUp) return;
    this.world.note(() => `the dead letters of ${name} are replayed`);
    for (const place of tables.deadLetters.keys()) tables.replay(place, this.world.nowMs);
  }

  /** A producer that is not ours writes data records. */
  produce(): void {
    const partition = this.world.random.between(0, 1);
    this.cluster.append({ topic: dataTopic, partition }, [{ key: 'k', value: '1' }, { key: 'k', value: '2' }]);
  }
}

function laneOf(work: UnitOfWork): DataLaneOptions {
  return {
    group: 'millrace.governance.data.0',
    handle: async (batch) => void (await work.runBatch(batch, keepRecords)),
    resumeAt: (topic, partition) => work.positionOf(topic, partition),
  };
}
