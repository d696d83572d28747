import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { startEmbeddedParts } from './embedded-parts.js';
import type { EmbeddedParts } from './embedded-parts.js';
import { prepareDatabases } from './prepare-databases.js';
import { resetHome } from './reset-home.js';

describe('the embedded parts', () => {
  let home: string;
  let parts: EmbeddedParts | undefined;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'millrace-home-'));
    parts = undefined;
  });
  afterEach(async () => {
    await parts?.stop();
    await resetHome(home);
    rmSync(home, { recursive: true, force: true });
  });

  async function query(url: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function topics(brokers: string, create?: string): Promise<string[]> {
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      if (create !== undefined) await admin.createTopics({ topics: [{ topic: create }], waitForLeaders: true });
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  }

  it('keep topics and tables over a restart on other ports', async () => {
    parts = await startEmbeddedParts({ home, freePorts: true });
    await topics(parts.kafka.brokers, 'kept');
    await query(parts.postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await parts.stop();
    parts = await startEmbeddedParts({ home, freePorts: true });
    expect(await topics(parts.kafka.brokers)).toContain('kept');
    expect(await query(parts.postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  }, 60_000);

  it('take over from parts that a killed launcher left running', async () => {
    const leftBehind = await startEmbeddedParts({ home, freePorts: true });
    await query(leftBehind.postgres.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    parts = await startEmbeddedParts({ home, freePorts: true });
    expect(await query(parts.postgres.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  }, 60_000);

  it('give each service a schema that no other service may read', async () => {
    parts = await startEmbeddedParts({ home, freePorts: true, durable: false });
    const urls = await prepareDatabases(parts.postgres.url, 'millrace', ['registry', 'feature-store'], (service) => `password-of-${service}`);
    await query(urls['feature-store'] ?? '', 'CREATE TABLE tiles (id int)');
    expect(await query(urls['feature-store'] ?? '', "SELECT schemaname FROM pg_tables WHERE tablename = 'tiles'")).toEqual([{ schemaname: 'feature_store' }]);
    await expect(query(urls['registry'] ?? '', 'SELECT * FROM feature_store.tiles')).rejects.toThrow(/permission denied/);
    await expect(query(urls['registry'] ?? '', 'CREATE TABLE public.stray (id int)')).rejects.toThrow(/permission denied/);
  }, 60_000);

  it('keep the generated password where only the owner reads it', async () => {
    parts = await startEmbeddedParts({ home, freePorts: true, durable: false });
    const file = join(home, 'secrets/postgres-password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parts.postgres.url).toContain(readFileSync(file, 'utf8').trim());
    expect(existsSync(join(home, 'logs/kafka.log'))).toBe(true);
  }, 60_000);
});
