import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import type { ObjectStore } from '../object-store.js';
import { openObjectStore } from '../open-object-store.js';

export interface OpenedStore {
  store: ObjectStore;
  cacheDirectory: string;
  close(): Promise<void>;
}

export async function openFileStore(): Promise<OpenedStore> {
  const root = await mkdtemp(join(tmpdir(), 'millrace-objects-'));
  return { store: openObjectStore(`file://${root}/some%20objects`), cacheDirectory: root, close: () => rm(root, { recursive: true }) };
}

async function openS3Store(): Promise<OpenedStore> {
  const server = process.env['MILLRACE_TEST_S3_URL'] ? givenServer(process.env['MILLRACE_TEST_S3_URL']) : await startedServer();
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'millrace-fetched-'));
  const bucket = `millrace-${randomUUID()}`;
  const endpoint = new URL(server.endpoint);
  await new Client({ endPoint: endpoint.hostname, port: Number(endpoint.port), useSSL: false, region: 'us-east-1', ...server.keys }).makeBucket(bucket, 'us-east-1');
  const store = openObjectStore(`s3://${bucket}/below/here?endpoint=${server.endpoint}`, { ...server.keys, cacheDirectory });
  return { store, cacheDirectory, close: async () => { await server.stop(); await rm(cacheDirectory, { recursive: true }); } };
}

function givenServer(url: string) {
  const keys = { accessKey: process.env['MILLRACE_TEST_S3_ACCESS_KEY'] ?? 'millrace', secretKey: process.env['MILLRACE_TEST_S3_SECRET_KEY'] ?? 'millrace-secret' };
  return { endpoint: new URL(url).searchParams.get('endpoint') ?? '', keys, stop: async () => undefined };
}

async function startedServer() {
  const { GenericContainer, Wait } = await import('testcontainers');
  const keys = { accessKey: 'millrace', secretKey: 'millrace-secret' };
  const container = await new GenericContainer('versity/versitygw:latest')
    .withEnvironment({ ROOT_ACCESS_KEY: keys.accessKey, ROOT_SECRET_KEY: keys.secretKey })
    .withCommand(['--port', ':7070', 'posix', '/tmp'])
    .withExposedPorts(7070)
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  return { endpoint: `http://${container.getHost()}:${container.getMappedPort(7070)}`, keys, stop: async () => void (await container.stop()) };
}

const hasS3 = process.env['MILLRACE_TEST_S3_URL'] !== undefined || process.env['MILLRACE_TEST_CONTAINERS'] === '1';
/**
 * The stores that a suite runs over. S3 joins in when MILLRACE_TEST_S3_URL names a server (`s3://any?endpoint=http://host:port`, keys in MILLRACE_TEST_S3_ACCESS_KEY
 * and _SECRET_KEY), or in a container when MILLRACE_TEST_CONTAINERS=1.
 */
export const objectStoresUnderTest: [string, () => Promise<OpenedStore>][] = [['file:', openFileStore], ...(hasS3 ? [['s3:', openS3Store] as [string, () => Promise<OpenedStore>]] : [])];
