import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'minio';
import { LaunchError } from './launch-error.js';
import { platformSettings, services } from './platform-settings.js';
import { prepareDatabases } from './prepare-databases.js';
import { prepareKafka } from './prepare-kafka.js';
import type { KafkaAccessSettings } from './prepare-kafka.js';
import { databasePasswordName, secretOf, secretsDirectory } from './secret-of.js';
import { supplierSecrets } from './supplier-secrets.js';
import type { SupplierSecrets } from './supplier-secrets.js';

const patienceMs = 60_000;

/**
 * `node infra/dist/main.js prepare`: for containers, what `npm start` does for itself. Makes secrets, database roles
 * with a schema each, and the bucket; writes `<home>/secrets/<service>.env` with each service's database URL and the
 * object store's keys. Can be repeated.
 * Reads MILLRACE_HOME, MILLRACE_POSTGRES_ADMIN_URL (without a password: the generated one), MILLRACE_DATABASE (default
 * `millrace`), MILLRACE_OBJECT_STORE_URL, what `prepareKafka` reads, MILLRACE_S3_ACCESS_KEY and MILLRACE_S3_SECRET_KEY (default: the generated ones).
 * @throws LaunchError when a variable is missing or no URL
 */
export async function prepareCommand(): Promise<void> {
  const { home } = platformSettings(process.env);
  const generated = supplierSecrets(home);
  const keys = { accessKey: process.env['MILLRACE_S3_ACCESS_KEY'] || generated.s3AccessKey, secretKey: process.env['MILLRACE_S3_SECRET_KEY'] || generated.s3SecretKey };
  const owners = services.filter(({ ownsData }) => ownsData).map(({ name }) => name);
  const databases = await prepareDatabases(adminUrl(generated), process.env['MILLRACE_DATABASE'] || 'millrace', owners, (service) => secretOf(home, databasePasswordName(service)));
  await ensureBucket(requiredUrl('MILLRACE_OBJECT_STORE_URL'), keys);
  const kafkaSettingsOf = await prepareKafka(home, process.env);
  for (const { name } of services) writeEnvironment(home, name, { databaseUrl: databases[name], ...keys }, kafkaSettingsOf(name));
  console.log(`Secrets are in ${secretsDirectory(home)}; the database roles and the bucket are there.`);
}

/** `node infra/dist/main.js secrets`: only the secrets, for suppliers that need a password before they start. */
export async function secretsCommand(): Promise<void> {
  const { home } = platformSettings(process.env);
  supplierSecrets(home);
  console.log(`Secrets are in ${secretsDirectory(home)}.`);
}

function adminUrl({ postgresPassword }: SupplierSecrets): string {
  const url = requiredUrl('MILLRACE_POSTGRES_ADMIN_URL');
  if (url.password === '') url.password = postgresPassword;
  return url.href;
}

/** Nothing is to be made for a store in the file system, nor where the bucket is the administrator's. */
async function ensureBucket(store: URL, keys: { accessKey: string; secretKey: string }): Promise<void> {
  if (store.protocol !== 's3:') return;
  const endpoint = new URL(store.searchParams.get('endpoint') ?? 'https://s3.amazonaws.com');
  const useSSL = endpoint.protocol === 'https:';
  const region = store.searchParams.get('region') ?? 'us-east-1';
  const client = new Client({ endPoint: endpoint.hostname, port: Number(endpoint.port || (useSSL ? 443 : 80)), useSSL, region, ...keys });
  const isThere = await whenItAnswers(endpoint, () => client.bucketExists(store.host));
  if (!isThere) await client.makeBucket(store.host, region);
}

/** A store that was started a moment ago may not listen yet. */
async function whenItAnswers<R>(endpoint: URL, ask: () => Promise<R>): Promise<R> {
  for (const deadline = Date.now() + patienceMs; ; await pause(500)) {
    try {
      return await ask();
    } catch (error) {
      const isAway = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (!isAway) throw error;
      if (Date.now() > deadline) throw new LaunchError(`Nothing answers at ${endpoint.origin}: ${(error as Error).message}.`);
    }
  }
}

function writeEnvironment(home: string, service: string, { databaseUrl, accessKey, secretKey }: { databaseUrl: string | undefined; accessKey: string; secretKey: string }, kafkaSettings: KafkaAccessSettings): void {
  const lines = [...(databaseUrl === undefined ? [] : [`MILLRACE_DATABASE_URL='${databaseUrl}'`]), `MILLRACE_S3_ACCESS_KEY='${accessKey}'`, `MILLRACE_S3_SECRET_KEY='${secretKey}'`, ...Object.entries(kafkaSettings).map(([setting, value]) => `MILLRACE_${setting}='${value}'`)];
  writeFileSync(join(secretsDirectory(home), `${service}.env`), `${lines.join('\n')}\n`, { mode: 0o600 });
}

function requiredUrl(name: string): URL {
  const url = URL.parse(process.env[name] ?? '');
  if (url === null) throw new LaunchError(`${name} must be a URL${process.env[name] === undefined ? ', and is not set' : ''}.`);
  return url;
}
