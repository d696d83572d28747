import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServiceName } from '@millrace/contracts';
import { settingFields } from '@millrace/contracts';
import { platformSecrets } from '@millrace/infra';
import type { PlatformSecrets } from '@millrace/infra';
import pg from 'pg';

/** A place of its own for a suite: a database, a topic prefix, an object store, secrets, over the run's one Kafka and one Postgres. */
export interface TestEnvironment {
  brokers: string;
  topicPrefix: string;
  databaseUrl: string;
  objectStoreUrl: string;
  /** Directory for whatever files a service wants. */
  home: string;
  secrets: PlatformSecrets;
  /** Settings of one service as environment variables. */
  envOf(service: ServiceName, more?: Record<string, string>): Record<string, string>;
  /** One statement on the suite's database, as superuser. Tables bear their service's schema. */
  query<T = unknown>(sql: string, parameters?: unknown[]): Promise<T[]>;
}

/** Makes a new environment. The first call of a run starts Kafka and Postgres. */
export async function testEnvironment(): Promise<TestEnvironment> {
  const { brokers, postgresUrl } = await testParts();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const home = await mkdtemp(join(tmpdir(), 'millrace-suite-'));
  const secrets = platformSecrets(home, Object.keys(settingFields));
  const databaseUrl = url.toString();
  const common = { KAFKA_BROKERS: brokers, TOPIC_PREFIX: `${name}.`, OBJECT_STORE_URL: pathToFileURL(join(home, 'objects')).href, JWKS_FILE: secrets.jwksFile };
  return {
    brokers,
    topicPrefix: common.TOPIC_PREFIX,
    databaseUrl,
    objectStoreUrl: common.OBJECT_STORE_URL,
    home,
    secrets,
    envOf: (service, more = {}) => ({
      ...prefixed(service, { ...common, DATABASE_URL: databaseUrl, SIGNING_KEY_FILE: secrets.signingKeyFile(service), ...quick, ...ownSettings(service, home, secrets), PORT: '0' }),
      ...more,
    }),
    query: (sql, parameters) => query(databaseUrl, sql, parameters),
  };
}

/** Tests do not wait as operators do. */
const quick = { RETRY_FIRST_DELAY_MS: '50', LOG_LEVEL: process.env['MILLRACE_TEST_LOG_LEVEL'] ?? 'error', KAFKA_CLIENT: process.env['MILLRACE_TEST_KAFKA_CLIENT'] ?? 'kafkajs' };

function ownSettings(service: ServiceName, home: string, secrets: PlatformSecrets): Record<string, string> {
  switch (service) {
    case 'training':
      return { WORK_DIR: join(home, 'training') };
    case 'registry':
      return { MODEL_KEY_FILE: secrets.modelKeyFile };
    case 'deployment':
      return { MODEL_KEY_FILE: secrets.modelPublicKeyFile };
    case 'inference':
      return { MODEL_KEY_FILE: secrets.modelPublicKeyFile, STATE_DIR: join(home, 'inference') };
    case 'governance':
      return { LOG_KEY_FILE: secrets.logKeyFile, ADMIN_TOKEN_FILE: secrets.adminTokenFile };
    default:
      return {};
  }
}

function prefixed(service: ServiceName, settings: Record<string, string>): Record<string, string> {
  const prefix = `MILLRACE_${service.replaceAll('-', '_').toUpperCase()}_`;
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${prefix}${name}`, value]));
}

async function testParts(): Promise<{ brokers: string; postgresUrl: string }> {
  const url = process.env['MILLRACE_TEST_PARTS_URL'];
  if (!url) throw new Error('This test needs Kafka and Postgres: run it with the jest.config.mjs of the repository');
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { brokers: string; postgresUrl: string };
}

async function query<T>(url: string, sql: string, parameters: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows as T[];
  } finally {
    await client.end();
  }
}
