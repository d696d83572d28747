import { GenericContainer, Wait } from 'testcontainers';

export interface TestParts {
  /** `host:port` */
  brokers: string;
  /** Of the superuser. */
  postgresUrl: string;
  stop(): Promise<void>;
}

const kafkaImage = 'apache/kafka:4.1.0';
const postgresImage = 'postgres:18-alpine';
const kafkaPort = 9092;
const startupTimeoutMs = 120_000;

/** Kafka and Postgres as containers, for `MILLRACE_TEST_CONTAINERS=1`. Needs a Docker daemon. */
export async function startContainers(): Promise<TestParts> {
  const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  return {
    brokers: kafka.brokers,
    postgresUrl: postgres.url,
    stop: async () => void (await Promise.all([kafka.stop(), postgres.stop()])),
  };
}

async function startPostgres(): Promise<{ url: string; stop(): Promise<unknown> }> {
  const container = await new GenericContainer(postgresImage)
    .withEnvironment({ POSTGRES_PASSWORD: 'test' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=300'])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .withStartupTimeout(startupTimeoutMs)
    .start();
  return { url: `postgres://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}/postgres`, stop: () => container.stop() };
}

/** The broker must tell clients the port that Docker has chosen: the start script waits until it is known. */
async function startKafka(): Promise<{ brokers: string; stop(): Promise<unknown> }> {
  const script = '/tmp/start.sh';
  const container = await new GenericContainer(kafkaImage)
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9094',
      KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${kafkaPort},CONTROLLER://localhost:9094`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withEntrypoint(['sh', '-c', `while [ ! -f ${script} ]; do sleep 0.1; done; sh ${script}`])
    .withExposedPorts(kafkaPort)
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(startupTimeoutMs)
    .start();
  const brokers = `${container.getHost()}:${container.getMappedPort(kafkaPort)}`;
  await container.copyContentToContainer([{ target: script, content: `export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://${brokers}\nexec /etc/kafka/docker/run\n` }]);
  return { brokers, stop: () => container.stop() };
}
