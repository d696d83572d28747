import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParityResult, Signature } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { parityOf } from '@millrace/decisions';
import type { FeatureRow } from '@millrace/scoring';
import { loadModel } from '@millrace/scoring';
import type { DuckDb } from '@millrace/storage';
import { sqlIdentifier, sqlLiteral } from '@millrace/storage';

/** What a training command left, once it is known to be usable. */
export interface TrainingOutput {
  model: Uint8Array;
  parity: ParityResult;
}

const largestModelBytes = 512 * 1024 * 1024;
const mostParityRows = 200;
/** Served models answer in 32-bit floats; larger values may differ by more. */
const relativeTolerance = 1e-5;
const absoluteTolerance = 1e-5;

/**
 * Reads what the contract asks for: a `model.onnx` that loads and takes the signature's inputs, and `parity.json`, whose
 * predictions the file must reproduce on the same training rows. Errors: `training-output-invalid`, `invalid-model`.
 */
export async function readTrainingOutput(duckDb: DuckDb, output: string, trainingSetPath: string, signature: Signature): Promise<TrainingOutput> {
  const path = join(output, 'model.onnx');
  const size = await stat(path).then((found) => found.size, () => null);
  if (size === null) throw invalid('The command left no model.onnx');
  if (size > largestModelBytes) throw invalid(`model.onnx has ${size} bytes, allowed are ${largestModelBytes}`);
  const model = await readFile(path);
  const said = await readParity(output);
  const rows = await featureRowsOf(duckDb, trainingSetPath, signature, said.map(({ key }) => key));
  const loaded = await loadModel(model, signature);
  try {
    const known = said.filter(({ key }) => rows.has(key));
    if (known.length < said.length) throw invalid('parity.json names keys that are not in the training set');
    const served = await loaded.score(known.map(({ key }) => rows.get(key) ?? {}));
    const predictions = known.map(({ prediction }) => prediction);
    const scale = Math.max(0, ...predictions.map(Math.abs));
    const { rows: compared, largestDifference, passed } = parityOf(predictions, [...served], absoluteTolerance + relativeTolerance * scale);
    return { model, parity: { rows: compared, largestDifference: Number.isFinite(largestDifference) ? largestDifference : Number.MAX_VALUE, passed } };
  } finally {
    await loaded.release();
  }
}

async function readParity(output: string): Promise<{ key: string; prediction: number }[]> {
  const text = await readFile(join(output, 'parity.json'), 'utf8').catch(() => {
    throw invalid('The command left no parity.json');
  });
  const rows = parsed(text);
  const isFit = Array.isArray(rows) && rows.length > 0 && rows.length <= mostParityRows && rows.every(isParityRow);
  if (!isFit) throw invalid(`parity.json must be a list of 1 to ${mostParityRows} rows { key: string, prediction: number }`);
  return rows as { key: string; prediction: number }[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isParityRow(row: unknown): boolean {
  const { key, prediction } = (row ?? {}) as Record<string, unknown>;
  return typeof key === 'string' && typeof prediction === 'number';
}

/** Features by key. Columns come as they are in the file; a null stays null. */
async function featureRowsOf(duckDb: DuckDb, path: string, { inputs }: Signature, keys: string[]): Promise<Map<string, FeatureRow>> {
  const columns = inputs.map(({ name }) => sqlIdentifier(name)).join(', ');
  const rows = await duckDb.query<Record<string, number | string | null>>(
    `SELECT CAST(_key AS VARCHAR) AS _key, ${columns} FROM read_parquet(${sqlLiteral(path)}) WHERE list_contains($keys, CAST(_key AS VARCHAR))`,
    { keys },
  );
  return new Map(rows.map(({ _key, ...features }) => [String(_key), features]));
}

function invalid(detail: string): MillraceError {
  return new MillraceError('training-output-invalid', detail);
}
