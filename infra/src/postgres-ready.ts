import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { LaunchError } from './launch-error.js';

const patienceMs = 60_000; // recovery after a crash replays the write-ahead log first

/**
 * Resolves when the server answers a query.
 * @param stillRunning asked between tries, so that waiting ends with the process
 */
export async function postgresReady(url: string, stillRunning: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (stillRunning()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new LaunchError(`Postgres does not answer after ${patienceMs / 1000} s: ${(error as Error).message}.`);
      await pause(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
