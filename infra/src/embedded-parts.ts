import { join } from 'node:path';
import { kafkaSecurity, openKafka } from './embedded-access.js';
import { freePorts } from './free-ports.js';
import { startKafka } from './kafka.js';
import type { RunningKafka } from './kafka.js';
import { platformSettings } from './platform-settings.js';
import { startPostgres } from './postgres.js';
import { tlsCertificates } from './tls-certificates.js';
import type { TlsCertificates } from './tls-certificates.js';

export interface EmbeddedPartsOptions {
  /** Directory for state and logs; created if missing. */
  home: string;
  /** Take any free ports instead of the declared ones (7492, 7493, 7432). */
  freePorts?: boolean;
  ports?: { kafka: number; controller: number; postgres: number };
  /** Default true; tests give up durability for speed. */
  durable?: boolean;
  /** TLS, users and grants on Kafka, TLS on Postgres. Default false. */
  secure?: boolean;
  /** Of the topics and groups that the services may use. */
  topicPrefix?: string;
}

export interface EmbeddedParts {
  kafka: { brokers: string };
  /** `url` is the superuser's; unix sockets are off. */
  postgres: { url: string };
  stop(): Promise<void>;
}

/**
 * Starts a real Kafka broker and a real Postgres side by side (about 1.5 s on a new home) and resolves when both answer.
 * @throws LaunchError when one does not come up; the other is stopped then
 */
export async function startEmbeddedParts(options: EmbeddedPartsOptions): Promise<EmbeddedParts> {
  const home = join(options.home);
  const ports = options.ports ?? (options.freePorts === true ? await anyPorts() : platformSettings(process.env).ports);
  const tls = options.secure === true ? await tlsCertificates(home) : undefined;
  const [kafka, postgres] = await Promise.allSettled([
    startedKafka(home, ports, tls, options.topicPrefix),
    startPostgres({ home, port: ports.postgres, durable: options.durable ?? true, ...(tls === undefined ? {} : { tls }) }),
  ]);
  const started = [kafka, postgres].flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  const stop = async (): Promise<void> => void (await Promise.all(started.map((part) => part.stop())));
  if (kafka.status === 'fulfilled' && postgres.status === 'fulfilled') {
    return { kafka: { brokers: kafka.value.brokers }, postgres: { url: postgres.value.adminUrl }, stop };
  }
  await stop();
  throw kafka.status === 'rejected' ? kafka.reason : (postgres as PromiseRejectedResult).reason;
}

async function startedKafka(home: string, ports: { kafka: number; controller: number }, tls: TlsCertificates | undefined, topicPrefix?: string): Promise<RunningKafka> {
  const places = { home, port: ports.kafka, controllerPort: ports.controller };
  if (tls === undefined) return startKafka(places);
  const security = kafkaSecurity(home, tls);
  const kafka = await startKafka({ ...places, security });
  await openKafka(home, kafka.brokers, security, topicPrefix);
  return kafka;
}

async function anyPorts(): Promise<{ kafka: number; controller: number; postgres: number }> {
  const [kafka = 0, controller = 0, postgres = 0] = await freePorts(3);
  return { kafka, controller, postgres };
}
