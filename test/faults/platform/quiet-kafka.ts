import { Kafka, logLevel } from 'kafkajs';

/** Kafka as the campaign itself uses it: past the proxies, silent about a broker that is away, patient. */
export function quietKafka(clientId: string, brokers: string): Kafka {
  return new Kafka({ clientId, brokers: brokers.split(','), logLevel: logLevel.NOTHING, connectionTimeout: 3_000, requestTimeout: 10_000, retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30 } });
}
