// One Kafka and one Postgres for the whole run, started when the first test asks for them: unit tests alone start nothing.
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './typescript-sources.mjs';

export default async function setUp() {
  let parts;
  const server = createServer((_, response) => {
    parts ??= startParts();
    parts.then(
      ({ brokers, postgresUrl }) => response.end(JSON.stringify({ brokers, postgresUrl })),
      (error) => response.writeHead(500).end(String(error?.stack ?? error)),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  process.env.MILLRACE_TEST_PARTS_URL = `http://127.0.0.1:${server.address().port}/`;
  globalThis.stopMillraceTestParts = async () => {
    server.close();
    await (await parts?.catch(() => undefined))?.stop();
  };
}

async function startParts() {
  if (process.env.MILLRACE_TEST_CONTAINERS === '1') {
    const { startContainers } = await import('./src/start-containers.ts');
    return startContainers();
  }
  const { resetHome, startEmbeddedParts } = await import('@millrace/infra');
  const home = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  const parts = await startEmbeddedParts({ home, freePorts: true, durable: false });
  return { brokers: parts.kafka.brokers, postgresUrl: parts.postgres.url, stop: async () => { await parts.stop(); await resetHome(home); } };
}
