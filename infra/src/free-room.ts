import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LaunchError } from './launch-error.js';

/** Megabytes (10^6 bytes) that this user may still write on the disk of a directory, which need not exist yet. */
export function freeMegabytes(directory: string): number {
  let existing = directory;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return Math.floor((bavail * bsize) / 1e6);
}

/** @throws LaunchError when the home's disk has less room than is needed: Kafka and Postgres would die of it without saying why */
export function requireRoom(home: string, neededMegabytes: number): void {
  const free = freeMegabytes(home);
  if (free < neededMegabytes) throw new LaunchError(`The disk of ${home} has ${free} MB free and Millrace needs ${neededMegabytes} MB to start; free some, or set MILLRACE_HOME to a directory on another disk.`);
}
