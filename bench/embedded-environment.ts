import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedParts } from '@millrace/infra';
import { testEnvironment } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';

export interface EmbeddedEnvironment {
  environment: TestEnvironment;
  stop(): Promise<void>;
}

/** A real Kafka and a real Postgres that keeps what it commits, with settings for services on them, in a directory that goes with them. */
export async function embeddedEnvironment(): Promise<EmbeddedEnvironment> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const parts = await startEmbeddedParts({ home, freePorts: true, durable: true });
  const door = createServer((_, response) => response.end(JSON.stringify({ brokers: parts.kafka.brokers, postgresUrl: parts.postgres.url }))).listen(0, '127.0.0.1');
  await once(door, 'listening');
  process.env['MILLRACE_TEST_PARTS_URL'] = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;
  const environment = await testEnvironment();
  const stop = async (): Promise<void> => {
    door.close();
    await parts.stop();
    await Promise.all([home, environment.home].map((directory) => rm(directory, { recursive: true, force: true })));
  };
  return { environment, stop };
}
