import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { MillraceError } from '@millrace/contracts';

const mostFiles = 50;
const mostBytes = 1_048_576;
const skipped = new Set(['node_modules', 'dist', '__pycache__']);

/**
 * The files of a training source directory, as `apply` sends them: paths with forward slashes, sorted; hidden ones,
 * `node_modules`, `dist` and `__pycache__` are left out.
 * @throws MillraceError `file-not-found` without the directory, `payload-too-large` over 50 files or 1 MiB a file
 */
export function readCode(directory: string): { path: string; contentBase64: string }[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) throw new MillraceError('file-not-found', `training.source names ${directory}, which is not a directory.`);
  const files = filesBelow(directory).sort();
  if (files.length > mostFiles) throw new MillraceError('payload-too-large', `${directory} holds ${files.length} files and a training source may have ${mostFiles}; point training.source to a directory with the code alone.`);
  return files.map((file) => {
    const content = readFileSync(file);
    if (content.length > mostBytes) throw new MillraceError('payload-too-large', `${file} has ${content.length} bytes and a file of a training source may have ${mostBytes}.`);
    return { path: relative(directory, file).split(sep).join('/'), contentBase64: content.toString('base64') };
  });
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
