import { securityProperties } from './kafka-security.js';
import type { KafkaSecurity } from './kafka-security.js';

/** A listener on `port` that tells its clients to come to `advertisedPort`, where something hands them on, such as a proxy that cuts connections. */
export interface KafkaDoor {
  port: number;
  advertisedPort: number;
}

export interface KafkaPlaces {
  port: number;
  controllerPort: number;
  dataDirectory: string;
  door?: KafkaDoor;
  /** Absent: everyone who reaches the port may do everything. */
  security?: KafkaSecurity;
}

/**
 * server.properties of a one-node broker and controller (KRaft). Internal topics get few partitions: one machine gains
 * nothing from fifty, and each costs files and start time.
 */
export function kafkaProperties({ port, controllerPort, dataDirectory, door, security }: KafkaPlaces): string {
  const clients = security ? 'CLIENTS' : 'PLAINTEXT';
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${clients}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${door ? `,DOOR://127.0.0.1:${door.port}` : ''}`,
    'advertised.listeners': `${clients}://127.0.0.1:${port}${door ? `,DOOR://127.0.0.1:${door.advertisedPort}` : ''}`,
    ...(door && !security ? { 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,DOOR:PLAINTEXT', 'inter.broker.listener.name': 'PLAINTEXT' } : {}),
    ...(security ? securityProperties(security, door ? [clients, 'DOOR'] : [clients]) : {}),
    'log.dirs': dataDirectory,
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.threads': 1,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    // Retention goes by the time of arrival: records replayed from the past carry old times and must not vanish at once.
    'log.message.timestamp.type': 'LogAppendTime',
  };
  return `${Object.entries(properties).map(([name, value]) => `${name}=${value}`).join('\n')}\n`;
}
