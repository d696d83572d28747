import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kafkaAccess } from '@millrace/contracts';
import { kafkaPasswordFile } from './embedded-access.js';
import type { PlatformSecrets } from './platform-secrets.js';
import { services } from './platform-settings.js';
import type { Ports, ServiceName } from './platform-settings.js';
import { databasePasswordName, secretsDirectory } from './secret-of.js';
import { pythonBinDirectory } from './toolchain.js';

export interface ServiceEnvironmentInput {
  home: string;
  ports: Ports;
  brokers: string;
  /** Service → database URL. */
  databases: Record<string, string>;
  secrets: PlatformSecrets;
  /** Absent: access is not switched on. */
  caFile?: string;
}

/**
 * A service's settings (contracts/config) as environment variables. All bear the service's prefix, so that several
 * services can also share one process (`--compact`).
 */
export function serviceEnvironment(service: ServiceName, input: ServiceEnvironmentInput): Record<string, string> {
  const prefix = `MILLRACE_${service.replaceAll('-', '_').toUpperCase()}_`;
  const settings = { ...commonSettings(service, input), ...ownSettings(service, input) };
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** `http://127.0.0.1:<port>` of every service. */
export function serviceUrls(ports: Ports): Record<ServiceName, string> {
  return Object.fromEntries(services.map(({ name }) => [name, `http://127.0.0.1:${ports[name]}`])) as Record<ServiceName, string>;
}

function commonSettings(service: ServiceName, { home, ports, brokers, databases, secrets, caFile }: ServiceEnvironmentInput): Record<string, string> {
  const databaseUrl = databases[service];
  return {
    PORT: String(ports[service]),
    KAFKA_BROKERS: brokers,
    OBJECT_STORE_URL: pathToFileURL(directoryIn(home, 'objects')).href,
    JWKS_FILE: secrets.jwksFile,
    SIGNING_KEY_FILE: secrets.signingKeyFile(service),
    SERVICE_URLS: JSON.stringify(serviceUrls(ports)),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(caFile === undefined ? {} : securedSettings(service, home, caFile, databaseUrl)),
  };
}

/** What switches access on for a service; passwords are in files, not in the environment. */
export function securedSettings(service: ServiceName, home: string, caFile: string, databaseUrl: string | undefined): Record<string, string> {
  const { user } = kafkaAccess.services[service];
  return {
    KAFKA_TLS: 'true',
    KAFKA_CA_FILE: caFile,
    KAFKA_USER: user,
    KAFKA_PASSWORD_FILE: kafkaPasswordFile(home, user),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: withoutPassword(databaseUrl), DATABASE_PASSWORD_FILE: join(secretsDirectory(home), databasePasswordName(service)), DATABASE_TLS: 'true', DATABASE_CA_FILE: caFile }),
  };
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = '';
  url.search = '';
  return url.href;
}

function ownSettings(service: ServiceName, { home, secrets }: ServiceEnvironmentInput): Record<string, string> {
  switch (service) {
    case 'training':
      return { PYTHON: pythonBinDirectory(), WORK_DIR: directoryIn(home, 'training') };
    case 'registry':
      return { MODEL_KEY_FILE: secrets.modelKeyFile };
    case 'deployment':
      return { MODEL_KEY_FILE: secrets.modelPublicKeyFile };
    case 'inference':
      return { MODEL_KEY_FILE: secrets.modelPublicKeyFile, STATE_DIR: directoryIn(home, 'inference') };
    case 'governance':
      return { LOG_KEY_FILE: secrets.logKeyFile, ADMIN_TOKEN_FILE: secrets.adminTokenFile };
    default:
      return {};
  }
}

function directoryIn(home: string, name: string): string {
  const directory = join(home, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}
