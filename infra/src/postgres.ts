import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LaunchError } from './launch-error.js';
import { spawnGuarded } from './guarded-process.js';
import type { GuardedProcess } from './guarded-process.js';
import { postgresBinaries, postgresData } from './postgres-places.js';
import { postgresReady } from './postgres-ready.js';
import { secretOf } from './secret-of.js';
import { postgresTls } from './postgres-tls.js';
import type { TlsCertificates } from './tls-certificates.js';
import { unprivilegedUser } from './unprivileged-user.js';
import type { SystemUser } from './unprivileged-user.js';

const run = promisify(execFile);
const locale = { LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' };

export interface PostgresOptions {
  /** State lies in `<home>/postgres` or, as root below a closed home, where `<home>/postgres-lies-at` says. */
  home: string;
  port: number;
  /** Default true: committed means on disk. Tests may give it up. */
  durable?: boolean;
  /** Speak TLS, and with nobody without it. */
  tls?: TlsCertificates;
  /** Default 200: ten services with a pool of four each, and room. */
  maxConnections?: number;
}

export interface RunningPostgres {
  /** `postgres://postgres:<password>@127.0.0.1:<port>/postgres`, the superuser. */
  adminUrl: string;
  process: GuardedProcess;
  stop(): Promise<void>;
}

/**
 * Starts Postgres 18 with its state in the home, on loopback only and with a generated password; resolves when it answers.
 * A server that an earlier run left behind in the same home is ended first.
 * @throws LaunchError when it does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const user = await unprivilegedUser();
  const logs = join(options.home, 'logs');
  const pidFile = join(options.home, 'run', 'postgres.pid');
  mkdirSync(logs, { recursive: true });
  const [binaries, data] = await Promise.all([postgresBinaries(user), postgresData(options.home, user)]);
  const password = secretOf(options.home, 'postgres-password');
  if (!existsSync(join(data, 'PG_VERSION'))) await createCluster(binaries, data, password, user);

  const server = await spawnGuarded({
    name: 'Postgres', command: join(binaries, 'bin/postgres'), args: ['-D', data, ...settings(options, options.tls ? postgresTls(data, options.tls, user) : {})], env: { ...process.env, ...locale }, cwd: data,
    pidFile, logFile: join(logs, 'postgres.log'), stopSignal: 'INT', ...(user === undefined ? {} : { user: { uid: user.uid, gid: user.gid } }),
  });
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${options.port}/postgres${options.tls ? `?sslmode=verify-full&sslrootcert=${encodeURIComponent(options.tls.caFile)}` : ''}`;
  const ended = server.exited.then(({ code }) => {
    throw new LaunchError(`Postgres ended with exit code ${code} while starting; see ${join(logs, 'postgres.log')}.`);
  });
  try {
    await Promise.race([postgresReady(adminUrl, () => server.running), ended]);
  } catch (error) {
    await server.stop();
    throw error;
  }
  ended.catch(() => undefined); // from here on the end of the process is the caller's to watch
  return { adminUrl, process: server, stop: () => server.stop() };
}

function settings({ port, durable = true, maxConnections = 200 }: PostgresOptions, tls: Record<string, string>): string[] {
  const values = {
    port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: maxConnections,
    password_encryption: 'scram-sha-256', log_timezone: 'UTC', timezone: 'UTC',
    ...tls,
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** initdb leaves an unfinished directory only when it is killed; it removes its own on failure. */
async function createCluster(binaries: string, data: string, password: string, user: SystemUser | undefined): Promise<void> {
  const passwordFile = join(dirname(data), `postgres-password-${process.pid}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const args = ['-D', data, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  try {
    await run(join(binaries, 'bin/initdb'), args, { cwd: data, env: { ...process.env, ...locale }, ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) });
  } catch (error) {
    throw new LaunchError(`Postgres' data directory ${data} could not be made: ${(error as { stderr?: string }).stderr?.trim() ?? (error as Error).message}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
