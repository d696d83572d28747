import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `<home>/secrets`, mode 0700. */
export function secretsDirectory(home: string): string {
  const directory = join(home, 'secrets');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** Name of the secret that is the password of a service's database role. */
export function databasePasswordName(service: string): string {
  return `${service}-database-password`;
}

/** The secret of this name, made at the first asking (256 random bits in base64url) and kept in a file of mode 0600. */
export function secretOf(home: string, name: string, make: () => string = () => randomBytes(32).toString('base64url')): string {
  const file = join(secretsDirectory(home), name);
  if (!existsSync(file)) writeFileSync(file, `${make()}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trimEnd();
}
