import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../../..');

/**
 * The contracts of a next release, made as people make them: the present ones are kept as released, an event gets a field that nobody must send and
 * a type is added, and the generator checks them against the release. @returns the folder
 */
export function nextContracts(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-contracts-'));
  for (const part of readdirSync(join(root, 'contracts')).filter((name) => !['dist', 'node_modules', 'released.json'].includes(name))) cpSync(join(root, 'contracts', part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  generate(folder, '--release');
  const severity = { type: 'string', description: 'How bad it is' };
  const placed = changeSchema(folder, 'events/training/hold.placed.v1.json', severity);
  writeFileSync(join(folder, 'events/training/hold.extended.v1.json'), JSON.stringify({ ...placed, title: 'HoldExtended', description: 'A hold was extended.' }));
  changeSchema(folder, 'schemas/pipeline-part-answer.json', severity);
  generate(folder);
  return folder;
}

function changeSchema(folder: string, path: string, severity: object): Record<string, unknown> {
  const schema = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>;
  const changed = { ...schema, properties: { ...(schema['properties'] as object), severity } };
  writeFileSync(join(folder, path), JSON.stringify(changed));
  return changed;
}

function generate(folder: string, ...options: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'contracts/generate/generate.ts'), '--root', folder, ...options], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
