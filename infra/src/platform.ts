import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireKnownVariables, requireUsableSettings } from './check-settings.js';
import { freePorts } from './free-ports.js';
import { requireRoom } from './free-room.js';
import { kafkaSecurity, openKafka } from './embedded-access.js';
import { keepRunning } from './keep-running.js';
import type { KeptPart } from './keep-running.js';
import { startKafka } from './kafka.js';
import type { KafkaDoor } from './kafka-properties.js';
import { endLeftovers } from './leftover.js';
import { platformSecrets } from './platform-secrets.js';
import type { PlatformSecrets } from './platform-secrets.js';
import { platformSettings, portSetting, services } from './platform-settings.js';
import type { PlatformSettings, Ports, ServiceName } from './platform-settings.js';
import { requireFreePorts } from './port-holder.js';
import { startPostgres } from './postgres.js';
import { prepareDatabases } from './prepare-databases.js';
import { claimHome, releaseHome, writeRunFile } from './run-file.js';
import { databasePasswordName, secretOf } from './secret-of.js';
import { serviceEnvironment, serviceUrls } from './service-environment.js';
import { serviceProcesses } from './service-processes.js';
import { startService } from './start-service.js';
import { tlsCertificates } from './tls-certificates.js';

/** What Kafka and Postgres write in an empty home, and a little to work with. */
const neededMegabytes = 300;

export interface PlatformOptions extends Partial<Omit<PlatformSettings, 'home'>> {
  /** Directory of all state; what is not given comes from the environment (see `platformSettings`). */
  home: string;
  /** Take any free ports instead of the declared ones. */
  freePorts?: boolean;
  /** Processes of a service when it is to have more than one (not with `compact`); the further ones are named `registry-2` and so on. */
  replicas?: Partial<Record<ServiceName, number>>;
  /** A second door to Kafka, for clients that come through something in between. */
  kafkaDoor?: KafkaDoor;
  /** With `secure`: Kafka's log says of each request by which grant it was allowed. */
  logsKafkaAccess?: boolean;
  /** Longest delay before a part that ended is started again, in ms; default 30,000. */
  longestRestartDelayMs?: number;
  /** Changes the environment of a process (its settings with the service's prefix) before its first start. */
  adaptEnvironment?(process: string, environment: Record<string, string>): Record<string, string>;
  /** Hears of the start's progress, of restarts, and what services log at or above `shownLevel`. */
  onLine?(line: string, part: string): void;
}

export interface RunningPlatform {
  home: string;
  /** Base URL of each service; clients call `urls.gateway`. */
  urls: Record<ServiceName, string>;
  /** Comma-separated. */
  kafkaBrokers: string;
  /** The superuser's; each service has a schema of its name in the database `millrace`. */
  postgresUrl: string;
  adminToken: string;
  parts(): readonly KeptPart[];
  /** Services first, then Kafka and Postgres. State stays in the home. */
  stop(): Promise<void>;
}

/** What the steps of a start share. */
interface Launch {
  options: PlatformSettings & Pick<PlatformOptions, 'onLine' | 'replicas' | 'kafkaDoor' | 'logsKafkaAccess' | 'longestRestartDelayMs' | 'adaptEnvironment'>;
  parts: KeptPart[];
  /** A part ended or came back. */
  report(part: string, text: string): void;
}

/**
 * Starts Kafka, Postgres and the ten services with their state in one home, and keeps them running; resolves when all
 * are ready.
 * @throws LaunchError in one sentence: a full disk, a taken port, a home in use, a part that does not come up
 */
export async function startPlatform(given: PlatformOptions): Promise<RunningPlatform> {
  const options = { ...platformSettings(process.env), ...given, ...(given.freePorts === true ? { ports: await anyPorts() } : {}) };
  requireKnownVariables(process.env, options.ports);
  requireRoom(options.home, neededMegabytes);
  for (const directory of ['', 'logs', 'run']) mkdirSync(join(options.home, directory), { recursive: true });
  await claimHome(options.home);
  await endLeftovers(options.home);
  let ready = false;
  const report = (part: string, text: string): void => {
    options.onLine?.(text, part);
    if (ready) void writeRunFile(options, launch.parts); // process ids have changed
  };
  const launch: Launch = { options, parts: [], report };
  try {
    await requireFreePorts(Object.fromEntries(Object.entries(options.ports).map(([part, port]) => [part, { port, setting: portSetting(part) }])));
    const secrets = platformSecrets(options.home, services.map(({ name }) => name));
    const { environmentOf, postgresUrl } = await startEmbedded(launch, secrets);
    options.onLine?.('Kafka and Postgres are running; starting the services', 'millrace');
    await startServices(launch, environmentOf);
    await writeRunFile(options, launch.parts);
    ready = true;
    return { home: options.home, urls: serviceUrls(options.ports), kafkaBrokers: brokersOf(options), postgresUrl, adminToken: secrets.adminToken, parts: () => launch.parts, stop: () => stopAll(launch) };
  } catch (error) {
    await stopAll(launch);
    throw error;
  }
}

async function stopAll({ options, parts }: Launch): Promise<void> {
  const suppliers = parts.filter(({ name }) => name === 'kafka' || name === 'postgres');
  await Promise.all(parts.filter((part) => !suppliers.includes(part)).map((part) => part.stop()));
  await Promise.all(suppliers.map((part) => part.stop()));
  releaseHome(options.home);
}

type EnvironmentOf = (service: ServiceName) => Record<string, string>;

/** Kafka and Postgres side by side, then the databases. */
async function startEmbedded(launch: Launch, secrets: PlatformSecrets): Promise<{ environmentOf: EnvironmentOf; postgresUrl: string }> {
  const { home, ports, kafkaDoor, secure, logsKafkaAccess = false } = launch.options;
  const tls = secure ? await tlsCertificates(home) : undefined;
  const security = tls && { ...kafkaSecurity(home, tls), logsAllowed: logsKafkaAccess };
  let adminUrl = '';
  await allOrFirstFault([
    keep(launch, 'kafka', async () => (await startKafka({ home, port: ports.kafka, controllerPort: ports.controller, ...(kafkaDoor === undefined ? {} : { door: kafkaDoor }), ...(security === undefined ? {} : { security }) })).process),
    keep(launch, 'postgres', async () => {
      const postgres = await startPostgres({ home, port: ports.postgres, ...(tls === undefined ? {} : { tls }) });
      adminUrl = postgres.adminUrl;
      return postgres.process;
    }),
  ]);
  const owners = services.filter(({ ownsData }) => ownsData).map(({ name }) => name);
  const databases = await prepareDatabases(adminUrl, 'millrace', owners, (service) => secretOf(home, databasePasswordName(service)));
  if (security) await openKafka(home, brokersOf(launch.options), security, process.env['MILLRACE_TOPIC_PREFIX']);
  return { postgresUrl: adminUrl, environmentOf: (service) => serviceEnvironment(service, { home, ports, brokers: brokersOf(launch.options), databases, secrets, ...(tls === undefined ? {} : { caFile: tls.caFile }) }) };
}

async function startServices(launch: Launch, environmentOf: EnvironmentOf): Promise<void> {
  const { home, ports, compact, replicas = {}, shownLevel, onLine, adaptEnvironment = (_, environment) => environment } = launch.options;
  const processes = await serviceProcesses({ compact, ports, replicas, environmentOf });
  await allOrFirstFault(processes.map(({ name, program, members, urls, env: own }) => {
    const env = adaptEnvironment(name, own);
    for (const member of members) requireUsableSettings(member, { ...process.env, ...env });
    return keep(launch, name, () => startService({ name, program, env, urls, home, shownLevel, show: (line, service = name) => onLine?.(line, service) }));
  }));
}

async function keep({ options, parts, report }: Launch, name: string, start: Parameters<typeof keepRunning>[1]): Promise<void> {
  parts.push(await keepRunning(name, start, (text) => report(name, text), options.longestRestartDelayMs));
}

function brokersOf({ ports }: PlatformSettings): string {
  return `127.0.0.1:${ports.kafka}`;
}

async function anyPorts(): Promise<Ports> {
  const names = Object.keys(platformSettings({}).ports);
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as unknown as Ports;
}

/** Waits for all even when one fails, so that nothing is still being started while the rest is stopped. */
async function allOrFirstFault(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const fault = results.find((result) => result.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
}
