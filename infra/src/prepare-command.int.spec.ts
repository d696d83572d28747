import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { jest } from '@jest/globals';
import pg from 'pg';
import { freePorts } from './free-ports.js';
import { startPostgres } from './postgres.js';
import type { RunningPostgres } from './postgres.js';
import { prepareCommand } from './prepare-command.js';
import { resetHome } from './reset-home.js';

describe('prepare', () => {
  const environment = { ...process.env };
  let postgresHome: string;
  let home: string;
  let postgres: RunningPostgres | undefined;

  beforeEach(async () => {
    [postgresHome, home] = [mkdtempSync(join(tmpdir(), 'millrace-postgres-')), mkdtempSync(join(tmpdir(), 'millrace-prepared-'))];
    const [port = 0] = await freePorts(1);
    postgres = await startPostgres({ home: postgresHome, port });
    Object.assign(process.env, { MILLRACE_HOME: home, MILLRACE_POSTGRES_ADMIN_URL: postgres.adminUrl, MILLRACE_OBJECT_STORE_URL: 'file:///objects' });
    jest.spyOn(console, 'log').mockReturnValue(undefined);
  });
  afterEach(async () => {
    process.env = { ...environment };
    jest.restoreAllMocks();
    await postgres?.process.stop(5000);
    await resetHome(postgresHome);
    for (const directory of [postgresHome, home]) rmSync(directory, { recursive: true, force: true });
  });

  it('gives each service what its container must be told in secret, the same at each call', async () => {
    await prepareCommand();
    const first = readFileSync(join(home, 'secrets/registry.env'), 'utf8');
    await prepareCommand();
    expect(readFileSync(join(home, 'secrets/registry.env'), 'utf8')).toBe(first);
    expect(statSync(join(home, 'secrets/registry.env')).mode & 0o077).toBe(0);
    expect(Object.keys(parseEnv(readFileSync(join(home, 'secrets/gateway.env'), 'utf8')))).toEqual(['MILLRACE_S3_ACCESS_KEY', 'MILLRACE_S3_SECRET_KEY']);

    const client = new pg.Client({ connectionString: parseEnv(first)['MILLRACE_DATABASE_URL'] });
    await client.connect();
    const { rows } = await client.query('SELECT current_user, current_schema()');
    await client.end();
    expect(rows).toEqual([{ current_user: 'millrace_registry', current_schema: 'registry' }]);
  });

  it('says which variable is missing', async () => {
    delete process.env['MILLRACE_POSTGRES_ADMIN_URL'];
    await expect(prepareCommand()).rejects.toThrow('MILLRACE_POSTGRES_ADMIN_URL must be a URL, and is not set.');
  });
});
