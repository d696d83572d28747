import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const generatedBanner = '// Written by `npm run contracts`. Do not edit: change the files under contracts/ instead.\n\n';

/** Files by path below `contracts/`. */
export type Output = Record<string, string>;

/** Paths whose text on disk is not what the sources say. */
export function staleFiles(root: string, output: Output): string[] {
  return Object.keys(output).filter((path) => {
    const file = join(root, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== output[path];
  });
}

/** Writes the files that changed, each by rename, so that a reader never meets half a file. */
export function writeOutput(root: string, output: Output): string[] {
  const stale = staleFiles(root, output);
  for (const path of stale) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}.tmp`, output[path] ?? '');
    renameSync(`${file}.${process.pid}.tmp`, file);
  }
  return stale;
}
