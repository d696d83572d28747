import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import type { CodeFile } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import type { ObjectStore } from '@millrace/storage';
import type { RunRow } from '../store/run.row.js';

/** Where one attempt of a run works. */
export interface WorkDirectory {
  /** Removed when the attempt is over. */
  root: string;
  /** The training code; the command's working directory. */
  code: string;
  /** Where the command leaves its model. */
  output: string;
  logPath: string;
  trainingSetPath: string;
  /** The variables of the training contract that name files. */
  variables: Record<string, string>;
}

/** Lays out code, training set, signature and parameters for one attempt. Errors: `training-output-invalid` for code that climbs out, those of the store. */
export async function layOutWorkDirectory(run: RunRow, objects: ObjectStore, parent: string | undefined): Promise<WorkDirectory> {
  const { definition, trainingSet } = run;
  if (!trainingSet) throw new MillraceError('training-set-not-found', `${run.run} has no training set`);
  if (parent) await mkdir(parent, { recursive: true });
  const root = await mkdtemp(join(parent ?? tmpdir(), 'millrace-run-'));
  const [code, output, home] = [join(root, 'code'), join(root, 'output'), join(root, 'home')];
  for (const directory of [code, output, home]) await mkdir(directory);
  await writeCode(definition.training.code, objects, code);
  const trainingSetPath = await objects.localPath(trainingSet.file.url, trainingSet.file);
  const signaturePath = join(root, 'signature.json');
  await writeFile(signaturePath, JSON.stringify(trainingSet.signature));
  const parametersPath = join(root, 'parameters.json');
  await writeFile(parametersPath, JSON.stringify(definition.training.parameters));
  const variables = {
    HOME: home,
    TMPDIR: home,
    MILLRACE_TRAINING_SET: trainingSetPath,
    MILLRACE_SIGNATURE: signaturePath,
    MILLRACE_PARAMETERS: parametersPath,
    MILLRACE_SEED: String(definition.training.seed),
    MILLRACE_OUTPUT: output,
  };
  return { root, code, output, logPath: join(root, 'training.log'), trainingSetPath, variables };
}

/** The code is stored as one JSON list of files, content in base64. */
async function writeCode(stored: RunRow['definition']['training']['code'], objects: ObjectStore, directory: string): Promise<void> {
  if (!stored) throw new MillraceError('training-output-invalid', 'The pipeline was applied without its training code');
  const files = JSON.parse(Buffer.from(await objects.get(objects.keyOf(stored.url))).toString()) as CodeFile[];
  for (const { path, contentBase64 } of files) {
    const target = resolve(directory, path);
    if (!target.startsWith(directory + sep)) throw new MillraceError('training-output-invalid', `The code file ${path} lies outside of its directory`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, Buffer.from(contentBase64, 'base64'));
  }
}
