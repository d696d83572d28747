import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { connectionsOf } from './connections-of.ts';

const settleMs = 2_000;

/** Connections that one consumer and one producer of kafkajs alone, at rest in this process, hold to a broker. */
export async function bareConnections(brokers: string): Promise<number> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const [producer, consumer] = [kafka.producer(), kafka.consumer({ groupId: 'bench-bare' })];
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: ['millrace.registry.pipeline'] });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({ eachMessage: () => Promise.resolve() });
  await joined;
  await pause(settleMs);
  const connections = connectionsOf(process.pid, Number(brokers.split(':')[1]));
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  return connections;
}
