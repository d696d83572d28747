import { readFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';

/** How the launcher reaches a broker with access switched on. */
export interface KafkaSignIn {
  user: string;
  password: string;
  mechanism: 'plain' | 'scram-sha-512';
  caFile: string;
}

/** A client for administration, without a log and with one try per request. */
export function adminClient(brokers: readonly string[], signIn?: KafkaSignIn): Kafka {
  return new Kafka({
    clientId: 'millrace-launcher',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    retry: { retries: 0 },
    ...(signIn === undefined ? {} : { ssl: { ca: readFileSync(signIn.caFile) }, sasl: { mechanism: signIn.mechanism, username: signIn.user, password: signIn.password } as never }),
  });
}
