import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireKnownVariables, requireUsableSettings } from './check-settings.js';
import { freePorts } from './free-ports.js';
import { requireRoom } from './free-room.js';
import { keepRunning } from './keep-running.js';
import type { KeptPart } from './keep-running.js';
import { startKafka } from './kafka.js';
import { endLeftovers } from './leftover.js';
import { platformSecrets } from './platform-secrets.js';
import type { PlatformSecrets } from './platform-secrets.js';
import { platformSettings, portSetting, services } from './platform-settings.js';
import type { PlatformSettings, Ports, ServiceName } from './platform-settings.js';
import { requireFreePorts } from './port-holder.js';
import { startPostgres } from './postgres.js';
import { prepareDatabases } from './prepare-databases.js';
import { claimHome, releaseHome, writeRunFile } from './run-file.js';
import { secretOf } from './secret-of.js';
import { serviceEnvironment, serviceUrls } from './service-environment.js';
import { startService } from './start-service.js';
import { projectRoot } from './toolchain.js';

/** What Kafka and Postgres write in an empty home, and a little to work with. */
const neededMegabytes = 300;

export interface PlatformOptions extends Partial<Omit<PlatformSettings, 'home'>> {
  /** Directory of all state; what is not given comes from the environment (see `platformSettings`). */
  home: string;
  /** Take any free ports instead of the declared ones. */
  freePorts?: boolean;
  /** Hears of the start's progress, of restarts, and what services log at or above `shownLevel`. */
  onLine?(line: string, part: string): void;
}

export interface RunningPlatform {
  home: string;
  /** Base URL of each service; clients call `urls.gateway`. */
  urls: Record<ServiceName, string>;
  /** Comma-separated. */
  kafkaBrokers: string;
  adminToken: string;
  parts(): readonly KeptPart[];
  /** Services first, then Kafka and Postgres. State stays in the home. */
  stop(): Promise<void>;
}

/** What the steps of a start share. */
interface Launch {
  options: PlatformSettings & Pick<PlatformOptions, 'onLine'>;
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
    const environmentOf = await startEmbedded(launch, secrets);
    options.onLine?.('Kafka and Postgres are running; starting the services', 'millrace');
    await startServices(launch, environmentOf);
    await writeRunFile(options, launch.parts);
    ready = true;
    return { home: options.home, urls: serviceUrls(options.ports), kafkaBrokers: brokersOf(options), adminToken: secrets.adminToken, parts: () => launch.parts, stop: () => stopAll(launch) };
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
async function startEmbedded(launch: Launch, secrets: PlatformSecrets): Promise<EnvironmentOf> {
  const { home, ports } = launch.options;
  let adminUrl = '';
  await allOrFirstFault([
    keep(launch, 'kafka', async () => (await startKafka({ home, port: ports.kafka, controllerPort: ports.controller })).process),
    keep(launch, 'postgres', async () => {
      const postgres = await startPostgres({ home, port: ports.postgres });
      adminUrl = postgres.adminUrl;
      return postgres.process;
    }),
  ]);
  const owners = services.filter(({ ownsData }) => ownsData).map(({ name }) => name);
  const databases = await prepareDatabases(adminUrl, 'millrace', owners, (service) => secretOf(home, `${service}-database-password`));
  return (service) => serviceEnvironment(service, { home, ports, brokers: brokersOf(launch.options), databases, secrets });
}

async function startServices(launch: Launch, environmentOf: EnvironmentOf): Promise<void> {
  const { home, shownLevel, onLine } = launch.options;
  const urls = serviceUrls(launch.options.ports);
  await allOrFirstFault(processesOf(launch.options.compact).map(({ name, program, members }) => {
    const env = Object.assign({}, ...members.map(environmentOf)) as Record<string, string>;
    const memberUrls = members.map((member) => urls[member]);
    for (const member of members) requireUsableSettings(member, { ...process.env, ...env });
    return keep(launch, name, () => startService({ name, program, env, urls: memberUrls, home, shownLevel, show: (line, service = name) => onLine?.(line, service) }));
  }));
}

function processesOf(compact: boolean): { name: string; program: string; members: readonly ServiceName[] }[] {
  const names = services.map(({ name }) => name);
  if (compact) return [{ name: 'services', program: join(projectRoot, 'infra/dist/compact.js'), members: names }];
  return names.map((name) => ({ name, program: join(projectRoot, `services/${name}/dist/main.js`), members: [name] }));
}

async function keep({ parts, report }: Launch, name: string, start: Parameters<typeof keepRunning>[1]): Promise<void> {
  parts.push(await keepRunning(name, start, (text) => report(name, text)));
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
