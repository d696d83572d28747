import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, toolchainDirectory } from '@millrace/infra';

/** A question that libs/testing/python/references.py answers; `ask` names its kind. */
export interface ReferenceQuestion {
  ask: 'special' | 'evidently-column' | 'evidently-preset' | 'river';
}

/**
 * What scipy, Evidently and River themselves compute: the answers in the order of the questions. Numbers that JSON lacks arrive as
 * the words `nan`, `inf`, `-inf`.
 * @throws Error with what Python wrote when it fails
 */
export async function askReferences<Answer>(questions: readonly ReferenceQuestion[]): Promise<Answer[]> {
  const python = join(toolchainDirectory(), 'references/bin/python');
  if (!existsSync(python)) throw new Error('The libraries to compare with are not set up: run `npm test` or `npm run bench` once.');
  const child = spawn(python, [join(projectRoot, 'libs/testing/python/references.py')], { env: { ...process.env, OMP_NUM_THREADS: '1' } });
  const written = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (written.out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (written.err += part.toString()));
  child.stdin.end(JSON.stringify(questions));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`The reference libraries failed: ${written.err.trim()}`);
  return JSON.parse(written.out) as Answer[];
}
