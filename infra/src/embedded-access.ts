import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaAccess } from '@millrace/contracts';
import { setKafkaGrants } from './kafka-grants.js';
import type { KafkaSecurity } from './kafka-security.js';
import { signInOf } from './kafka-security.js';
import { adminClient } from './kafka-sign-in.js';
import { grantsOfOutside, outsideUsers } from './outside-users.js';
import type { OutsideUser } from './outside-users.js';
import { secretOf, secretsDirectory } from './secret-of.js';
import { setScramPasswords } from './scram-credentials.js';
import type { TlsCertificates } from './tls-certificates.js';

/** File with a Kafka user's password, made at the first asking. */
export function kafkaPasswordFile(home: string, user: string): string {
  secretOf(home, passwordName(user));
  return join(secretsDirectory(home), passwordName(user));
}

/** What the embedded broker needs to have access switched on. */
export function kafkaSecurity(home: string, { keystoreFile, caFile }: TlsCertificates): KafkaSecurity {
  return { keystoreFile, caFile, admin: { user: 'millrace-admin', password: secretOf(home, passwordName('millrace-admin')) } };
}

/** Makes the broker's users, with their passwords of `<home>/secrets`, and gives each what the contracts say; also those outside. Can be repeated. */
export async function openKafka(home: string, brokers: string, security: KafkaSecurity, topicPrefix = ''): Promise<void> {
  const kafka = adminClient(brokers.split(','), signInOf(security));
  const outside = outsideUsers(home);
  const users = [...Object.values(kafkaAccess.services), ...outside.map(grantsOfOutside)];
  const known = [security.admin.user, ...users.map(({ user }) => user)];
  await setScramPasswords(kafka, Object.fromEntries(known.map((user) => [user, secretOf(home, passwordName(user))])));
  await setKafkaGrants(kafka, topicPrefix, users);
  for (const user of outside) writeClientSettings(home, brokers, user, security.caFile);
}

/** What a Node client of a user needs: brokers, the authority, name and password. */
export function kafkaClientOf(home: string, brokers: string, user: string): { brokers: string[]; ssl: { ca: string[] }; sasl: { mechanism: 'scram-sha-512'; username: string; password: string } } {
  return {
    brokers: brokers.split(','),
    ssl: { ca: [readFileSync(join(secretsDirectory(home), 'tls/ca.pem'), 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username: user, password: secretOf(home, passwordName(user)) },
  };
}

/** Takes away what a user that is no longer among those outside may do; its password is set to one that nobody knows. */
export async function closeKafkaTo(brokers: string, security: KafkaSecurity, name: string, password: string): Promise<void> {
  const kafka = adminClient(brokers.split(','), signInOf(security));
  await setScramPasswords(kafka, { [name]: password });
  await setKafkaGrants(kafka, '', [{ user: name, grants: [] }]);
}

/** Settings as Java's client and as librdkafka name them: `<user>.java.properties` and `<user>.librdkafka.properties`. */
function writeClientSettings(home: string, brokers: string, { name }: OutsideUser, caFile: string): void {
  const password = secretOf(home, passwordName(name));
  const common = [`bootstrap.servers=${brokers}`, 'security.protocol=SASL_SSL', 'sasl.mechanism=SCRAM-SHA-512'];
  const login = `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${name}" password="${password}";`;
  write('java', [...common, login, 'ssl.truststore.type=PEM', `ssl.truststore.location=${caFile}`]);
  write('librdkafka', [...common, `sasl.username=${name}`, `sasl.password=${password}`, `ssl.ca.location=${caFile}`]);

  function write(client: string, lines: string[]): void {
    writeFileSync(join(secretsDirectory(home), `${name}.${client}.properties`), `${lines.join('\n')}\n`, { mode: 0o600 });
  }
}

function passwordName(user: string): string {
  return `kafka-${user}-password`;
}
