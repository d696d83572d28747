import { readFileSync } from 'node:fs';
import { kafkaAccess } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import { kafkaPasswordFile } from './embedded-access.js';
import { setKafkaGrants } from './kafka-grants.js';
import { adminClient } from './kafka-sign-in.js';
import { LaunchError } from './launch-error.js';
import { services } from './platform-settings.js';
import { setScramPasswords } from './scram-credentials.js';

/** Settings of a service that switch access to Kafka on, by their names without `MILLRACE_`. */
export type KafkaAccessSettings = Readonly<Record<string, string>>;

/**
 * Makes the services' users on an operator's Kafka and gives each its grants; says the settings by which each signs in. Nothing is done, and no setting said, where no administrator
 * is named. Reads MILLRACE_KAFKA_ADMIN_USER and MILLRACE_KAFKA_ADMIN_PASSWORD_FILE (SCRAM-SHA-512), MILLRACE_KAFKA_BROKERS, MILLRACE_KAFKA_CA_FILE and MILLRACE_TOPIC_PREFIX. Can be repeated.
 * @throws LaunchError when one that is needed is missing
 */
export async function prepareKafka(home: string, environment: NodeJS.ProcessEnv): Promise<(service: ServiceName) => KafkaAccessSettings> {
  const user = environment['MILLRACE_KAFKA_ADMIN_USER'];
  if (!user) return () => ({});
  const [brokers, passwordFile, caFile] = ['MILLRACE_KAFKA_BROKERS', 'MILLRACE_KAFKA_ADMIN_PASSWORD_FILE', 'MILLRACE_KAFKA_CA_FILE'].map((name) => {
    const value = environment[name];
    if (!value) throw new LaunchError(`${name} must be set where MILLRACE_KAFKA_ADMIN_USER is.`);
    return value;
  }) as [string, string, string];
  const kafka = adminClient(brokers.split(','), { user, password: readFileSync(passwordFile, 'utf8').trim(), mechanism: 'scram-sha-512', caFile });
  const passwordFiles = Object.fromEntries(services.map(({ name }) => [name, kafkaPasswordFile(home, kafkaAccess.services[name].user)]));
  await setScramPasswords(kafka, Object.fromEntries(services.map(({ name }) => [kafkaAccess.services[name].user, readFileSync(passwordFiles[name] ?? '', 'utf8').trim()])));
  await setKafkaGrants(kafka, environment['MILLRACE_TOPIC_PREFIX'] ?? '', Object.values(kafkaAccess.services));
  return (service) => ({ KAFKA_TLS: 'true', KAFKA_CA_FILE: caFile, KAFKA_USER: kafkaAccess.services[service].user, KAFKA_PASSWORD_FILE: passwordFiles[service] ?? '' });
}
