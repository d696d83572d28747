import { readFileSync } from 'node:fs';
import type { ServiceName } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { certificatesIn } from '../certificates-in.js';
import type { Settings } from '../settings.js';

export type SaslMechanism = 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN';

/** How a client speaks with the broker, and as whom. */
export interface BrokerSecurity {
  /** Absent: no TLS. `ca` in PEM; absent: the authorities that Node trusts. */
  tls?: { ca?: string };
  /** Absent: nobody signs in. */
  sasl?: { mechanism: SaslMechanism; username: string; password: string };
}

/** From the settings, with the files they name. Throws `invalid-settings` in one sentence; passwords are in no message. */
export function brokerSecurityOf(settings: Settings<ServiceName>): BrokerSecurity {
  const { kafkaTls, kafkaCaFile, kafkaUser: username, kafkaPasswordFile, kafkaSaslMechanism: mechanism } = settings;
  if (kafkaCaFile !== undefined && !kafkaTls) throw refused('MILLRACE_KAFKA_CA_FILE is set, so MILLRACE_KAFKA_TLS must be true');
  if ((username === undefined) !== (kafkaPasswordFile === undefined)) throw refused('MILLRACE_KAFKA_USER and MILLRACE_KAFKA_PASSWORD_FILE go together');
  if (username !== undefined && mechanism === 'PLAIN' && !kafkaTls) throw refused('MILLRACE_KAFKA_SASL_MECHANISM PLAIN sends the password itself, so MILLRACE_KAFKA_TLS must be true');
  return {
    ...(kafkaTls ? { tls: kafkaCaFile === undefined ? {} : { ca: certificatesIn('MILLRACE_KAFKA_CA_FILE', kafkaCaFile) } } : {}),
    ...(username === undefined || kafkaPasswordFile === undefined ? {} : { sasl: { mechanism, username, password: passwordIn(kafkaPasswordFile) } }),
  };
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw refused(`MILLRACE_KAFKA_PASSWORD_FILE ${file} cannot be read: ${(error as Error).message}`);
  }
}

function refused(sentence: string): MillraceError {
  return new MillraceError('invalid-settings', sentence);
}
