import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's root directory. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What set-up brings along (Kafka, Python, logs of the steps); apart from state, so that `npm run reset` keeps it. */
export const toolchain = resolve(process.env.MILLRACE_TOOLCHAIN ?? join(root, '.toolchain'));

export const logs = join(toolchain, 'logs');

/** The project's own Node 24, installed by npm as the package `node`. */
export const node24 = join(root, 'node_modules/node/bin/node');

/** Digest of the named files' contents and of further words; a missing file counts as empty. */
export function digestOf(files, ...words) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(existsSync(join(root, file)) ? readFileSync(join(root, file)) : '');
  return hash.update(words.join('\0')).digest('hex');
}
