import type { Provider } from '@nestjs/common';
import { Clock } from './clock/clock.js';
import { DeadLetters } from './events/dead-letters.js';
import type { RetryPolicy } from './events/decide-retry.js';
import { EventConsumer } from './events/event-consumer.js';
import { EventHandling } from './events/event-handling.js';
import { InboxMarks } from './events/inbox-marks.js';
import { ParkedEvents } from './events/parked-events.js';
import { retryParked } from './events/retry-parked.js';
import { Readiness } from './http/readiness.js';
import { KafkaConnection } from './kafka/kafka-connection.js';
import { Topics } from './kafka/topics.js';
import { Logger } from './observe/logger.js';
import { Metrics } from './observe/metrics.js';
import { pausesOf, watchKafka } from './observe/watch-kafka.js';
import { Relay } from './relay/relay.js';
import type { ServiceDeclaration } from './service-declaration.js';
import { ServiceIdentity } from './service-identity.js';
import { Settings } from './settings.js';
import { PostgresStore } from './store/postgres/postgres-store.js';
import { Database } from './work/database.js';
import { housekeepingIntervalMs, keepHouse } from './work/housekeeping.js';
import { UnitOfWork } from './work/unit-of-work.js';
import { Leadership } from './workers/leadership.js';
import { PostgresLeaderLock } from './workers/postgres-leader-lock.js';
import { Workers } from './workers/workers.js';

const longestRetryDelayMs = 60_000;
const internalTries = 5;
const triesAtOnce = 4;
/** How often topics are compared with their declarations. */
const topicsIntervalMs = 3_600_000;
/** Safety net of the worker that tries parked events; it wakes when one is due. */
const retryIntervalMs = 30_000;

/** The parts of a service that owns something: database, outbox and relay, inbox and consumer. */
export function durableParts({ rows = [], migrations = [] }: ServiceDeclaration): Provider[] {
  return [
    {
      provide: Database,
      inject: [ServiceIdentity, Settings, Logger],
      useFactory: (identity: ServiceIdentity, settings: Settings, logger: Logger) => new Database(identity, settings, { rows, migrations }, logger),
    },
    { provide: PostgresStore, inject: [Database], useFactory: (database: Database) => new PostgresStore(database) },
    {
      provide: Leadership,
      inject: [Database, Clock, Logger],
      useFactory: (database: Database, clock: Clock, logger: Logger) => new Leadership(new PostgresLeaderLock(database), clock, logger),
    },
    { provide: Relay, inject: [PostgresStore, KafkaConnection, Leadership, Logger, Metrics, Topics, Clock], useFactory: (...args: ConstructorParameters<typeof Relay>) => new Relay(...args) },
    { provide: Workers, inject: [Logger, Leadership, Clock], useFactory: (...args: ConstructorParameters<typeof Workers>) => new Workers(...args) },
    { provide: UnitOfWork, inject: [PostgresStore, ServiceIdentity, Relay, Clock], useFactory: (...args: ConstructorParameters<typeof UnitOfWork>) => new UnitOfWork(...args) },
    { provide: ParkedEvents, inject: [PostgresStore, ServiceIdentity, Relay, Clock], useFactory: (...args: ConstructorParameters<typeof ParkedEvents>) => new ParkedEvents(...args) },
    { provide: InboxMarks, inject: [PostgresStore, Logger, Clock], useFactory: (...args: ConstructorParameters<typeof InboxMarks>) => new InboxMarks(...args) },
    { provide: DeadLetters, inject: [UnitOfWork, ServiceIdentity, Workers], useFactory: (...args: ConstructorParameters<typeof DeadLetters>) => new DeadLetters(...args) },
    {
      provide: EventHandling,
      inject: [UnitOfWork, ParkedEvents, Settings, ServiceIdentity, Logger, Metrics],
      useFactory: (work: UnitOfWork, parked: ParkedEvents, settings: Settings, identity: ServiceIdentity, logger: Logger, metrics: Metrics) =>
        new EventHandling(work, parked, policyOf(settings), groupOf(identity), logger, metrics),
    },
    {
      provide: EventConsumer,
      inject: [KafkaConnection, Topics, EventHandling, ParkedEvents, InboxMarks, ServiceIdentity, Workers],
      useFactory: createConsumer,
    },
    { provide: 'durable-checks', inject: [Database, EventConsumer, Readiness, Metrics, Workers, InboxMarks], useFactory: watch },
    { provide: 'kafka-gauges', inject: [KafkaConnection, EventConsumer, Topics, Metrics, Clock, Readiness, Workers], useFactory: watchConsumers },
  ];
}

function groupOf({ name }: ServiceIdentity): string {
  return `millrace.${name}`;
}

function policyOf({ retryFirstDelayMs, retryTries }: Settings): RetryPolicy {
  return { firstDelayMs: retryFirstDelayMs, longestDelayMs: longestRetryDelayMs, tries: retryTries, internalTries: Math.min(internalTries, retryTries), triesAtOnce };
}

type ConsumerParts = [KafkaConnection, Topics, EventHandling, ParkedEvents, InboxMarks, ServiceIdentity, Workers];

function createConsumer(...[kafka, topics, handling, parked, marks, identity, workers]: ConsumerParts): EventConsumer {
  const retryWorker = workers.add({ name: 'retry-parked', intervalMs: retryIntervalMs, run: () => retryParked(parked, handling) });
  return new EventConsumer({ kafka, topics, handling, parked, marks, group: groupOf(identity), retryWorker });
}

/** Readiness checks, gauges and housekeeping over the service's own tables. */
function watch(database: Database, consumer: EventConsumer, readiness: Readiness, metrics: Metrics, workers: Workers, marks: InboxMarks): true {
  readiness.add({ name: 'database', check: () => database.query('select 1').then(() => undefined) });
  readiness.add({ name: 'events', check: () => (consumer.isJoined ? undefined : 'has not joined its consumer group') });
  const read = async (sql: string): Promise<number> => (await database.query<{ value: number | null }>(sql))[0]?.value ?? 0;
  metrics.gauge('outbox_oldest_seconds', 'Age of the oldest event that is not sent', () =>
    read(`select extract(epoch from now() - min(created_at))::float8 as value from outbox where published_at is null`),
  );
  metrics.gauge('event_lag_records', 'Lifecycle events that wait in Kafka, as of the last batches', () => consumer.lags.reduce((sum, { records }) => sum + records, 0));
  metrics.gauge('outbox_events', 'Events that are not sent', () => read('select count(*) as value from outbox where published_at is null'));
  metrics.gauge('inbox_events', 'Ids of handled events that are kept', () => read('select count(*) as value from inbox_ids'));
  metrics.gauge('parked_oldest_seconds', 'Age of the oldest event set aside for another try', () => read('select extract(epoch from now() - min(parked_at))::float8 as value from parked'));
  metrics.gauge('parked_events', 'Events set aside for another try', () => read('select count(*) as value from parked'));
  metrics.gauge('dead_letters', 'Dead letters that wait for somebody', () => read('select count(*) as value from dead_letters where replayed_at is null and handled_at is null and dropped_at is null'));
  workers.add({ name: 'housekeeping', intervalMs: housekeepingIntervalMs, run: () => keepHouse(database, marks) });
  return true;
}

/** Gauges over what the service reads, the reason of pauses, and the comparison of topics with their declarations. */
function watchConsumers(...[kafka, consumer, topics, metrics, clock, readiness, workers]: [KafkaConnection, EventConsumer, Topics, Metrics, Clock, Readiness, Workers]): true {
  watchKafka(metrics, kafka, topics, clock, () => [{ group: consumer.group, lags: consumer.lags }]);
  readiness.add({ name: 'data topics', check: () => undefined, note: () => pausesOf(kafka) });
  workers.add({ name: 'topics', intervalMs: topicsIntervalMs, run: async () => void (await topics.compare()) });
  return true;
}
