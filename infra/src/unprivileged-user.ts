import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { LaunchError } from './launch-error.js';

const run = promisify(execFile);

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. When we are root, the user to run it as: `postgres` if this machine has one, else
 * `nobody`; otherwise undefined, which means ourselves.
 */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => undefined);
    const [uid, gid] = ids?.map(({ stdout }) => Number(stdout)) ?? [];
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid };
  }
  throw new LaunchError('Postgres refuses to run as root and this machine has neither a user postgres nor nobody; run Millrace as an ordinary user.');
}

/** Whether the user may enter the directory, which asks for the x bit on it and on all above it; one that does not exist yet counts as its parent. */
export async function canEnter(user: SystemUser, directory: string): Promise<boolean> {
  const path = resolve(directory);
  const info = await stat(path).catch(() => undefined);
  const bit = info === undefined ? 1 : info.uid === user.uid ? 0o100 : info.gid === user.gid ? 0o010 : 0o001;
  const open = info === undefined || (info.mode & bit) !== 0;
  return open && (path === dirname(path) || canEnter(user, dirname(path)));
}
