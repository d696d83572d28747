import { resolve, join } from 'node:path';
import { LaunchError } from './launch-error.js';
import { projectRoot } from './toolchain.js';

/** The ten services in the order of their ports; `ownsData` says which have a database role and schema. */
export const services = [
  { name: 'gateway', ownsData: false },
  { name: 'ingestion', ownsData: true },
  { name: 'validation', ownsData: true },
  { name: 'feature-store', ownsData: true },
  { name: 'training', ownsData: true },
  { name: 'registry', ownsData: true },
  { name: 'deployment', ownsData: true },
  { name: 'inference', ownsData: false },
  { name: 'monitoring', ownsData: true },
  { name: 'governance', ownsData: true },
] as const;

export type ServiceName = (typeof services)[number]['name'];
export type PartName = ServiceName | 'kafka' | 'controller' | 'postgres';
export type Ports = Readonly<Record<PartName, number>>;

const firstServicePort = 7400;
const otherPorts = { kafka: 7492, controller: 7493, postgres: 7432 } as const;

export interface PlatformSettings {
  /** Directory of all state. */
  home: string;
  ports: Ports;
  /** All services in one process (default, see docs/decisions/0009), or each in its own. */
  compact: boolean;
  /** TLS, users and grants on Kafka, TLS and a password per role on Postgres. Default false: both listen on loopback only. */
  secure: boolean;
  /** Least severe log line that is shown; all go to files. */
  shownLevel: 'info' | 'warn' | 'error';
}

/**
 * Reads MILLRACE_HOME (default `.millrace` in the clone), MILLRACE_PORT_OFFSET (default 0, added to every default port),
 * MILLRACE_<PART>_PORT (`MILLRACE_FEATURE_STORE_PORT`, `MILLRACE_KAFKA_PORT`), MILLRACE_COMPACT, MILLRACE_SECURE and MILLRACE_SHOW_LOGS.
 * @throws LaunchError when one is not usable
 */
export function platformSettings(environment: NodeJS.ProcessEnv): PlatformSettings {
  const offset = numberOf(environment, 'MILLRACE_PORT_OFFSET', 0, -7000, 58_000);
  const defaults = [...services.map(({ name }, index) => [name, firstServicePort + index] as const), ...Object.entries(otherPorts)];
  const ports = defaults.map(([part, port]) => [part, numberOf(environment, portSetting(part), port + offset, 1, 65_535)]);
  return {
    home: resolve(environment['MILLRACE_HOME'] || join(projectRoot, '.millrace')),
    ports: Object.fromEntries(ports) as Ports,
    compact: wordOf(environment, 'MILLRACE_COMPACT', ['true', 'false']) === 'true',
    secure: wordOf(environment, 'MILLRACE_SECURE', ['false', 'true']) === 'true',
    shownLevel: wordOf(environment, 'MILLRACE_SHOW_LOGS', ['warn', 'info', 'error']),
  };
}

/** `feature-store` → `MILLRACE_FEATURE_STORE_PORT` */
export function portSetting(part: string): string {
  return `MILLRACE_${part.replaceAll('-', '_').toUpperCase()}_PORT`;
}

function numberOf(environment: NodeJS.ProcessEnv, name: string, fallback: number, least: number, most: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new LaunchError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  return value;
}

/** One of the words; the first is the default. */
function wordOf<W extends string>(environment: NodeJS.ProcessEnv, name: string, words: readonly [W, ...W[]]): W {
  const text = environment[name];
  if (text === undefined || text === '') return words[0];
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new LaunchError(`${name} must be one of ${words.join(', ')}, not "${text}".`);
  return word;
}
