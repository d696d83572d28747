import { MillraceError } from '@millrace/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { featureColumnsOf } from './feature-columns.js';
import type { FeatureColumn } from './feature-columns.js';
import type { FeatureRow, ModelInput, ModelSignature } from './model-signature.js';

/** A model in memory, ready to answer. */
export interface Model {
  readonly signature: ModelSignature;
  /**
   * Scores rows in one run: the probability of class 1 or the regressed value, in the rows' order. The result may hold NaN when the model answers so.
   * Errors: `invalid-features`, naming row and feature; `invalid-model` when the answer is not one number per row.
   */
  score(rows: readonly FeatureRow[]): Promise<Float64Array>;
  /** Frees the native memory; the model is not used afterwards. */
  release(): Promise<void>;
}

interface InputForm {
  input: ModelInput;
  tensorType: Tensor.Type;
}

const TENSOR_TYPES: Record<ModelInput['type'], readonly Tensor.Type[]> = {
  double: ['float32', 'float64'],
  long: ['int64', 'int32', 'float32', 'float64'],
  string: ['string'],
};

/**
 * Loads an ONNX file with one thread (services scale by processes, and one row is microseconds of work) and checks it against the signature: the same
 * input names, matching types, one numeric output for the answer. Errors: `invalid-model`.
 */
export async function loadModel(bytes: Uint8Array, signature: ModelSignature): Promise<Model> {
  const session = await open(bytes);
  const forms = inputFormsOf(session, signature);
  const outputName = outputNameOf(session, signature);
  return {
    signature,
    async score(rows) {
      if (rows.length === 0) return new Float64Array(0);
      const columns = featureColumnsOf(signature, rows);
      const feeds = Object.fromEntries(columns.map((column, index) => [column.input.name, tensorOf(column, forms[index]?.tensorType ?? 'float32', rows.length)]));
      const answers = await session.run(feeds, [outputName]).catch((error: unknown) => fail(`The model broke while scoring: ${(error as Error).message}`, error));
      return scoresOf(answers[outputName], rows.length, signature);
    },
    release: () => session.release(),
  };
}

async function open(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3 });
  } catch (error) {
    return fail(`The file is not an ONNX model that can be loaded: ${(error as Error).message}`, error);
  }
}

function inputFormsOf(session: InferenceSession, signature: ModelSignature): InputForm[] {
  const wanted = signature.inputs.map((input) => input.name);
  const missing = wanted.filter((name) => !session.inputNames.includes(name));
  const surplus = session.inputNames.filter((name) => !wanted.includes(name));
  if (missing.length + surplus.length > 0) {
    fail(`The model's inputs differ from the signature: ${[...missing.map((name) => `"${name}" is missing`), ...surplus.map((name) => `"${name}" is not in the signature`)].join(', ')}`);
  }
  return signature.inputs.map((input) => {
    const metadata = session.inputMetadata.find((candidate) => candidate.name === input.name);
    const tensorType = metadata?.isTensor ? metadata.type : undefined;
    if (tensorType === undefined || !TENSOR_TYPES[input.type].includes(tensorType)) fail(`The model's input "${input.name}" is ${tensorType ?? 'no tensor'}, the signature says ${input.type}`);
    return { input, tensorType };
  });
}

/** The output named like a probability when one is asked for, else the only one of floating point. */
function outputNameOf(session: InferenceSession, signature: ModelSignature): string {
  const floating = session.outputMetadata.filter((output) => output.isTensor && (output.type === 'float32' || output.type === 'float64')).map((output) => output.name);
  const named = signature.output === 'probability' ? floating.filter((name) => /prob/i.test(name)) : [];
  const [only, second] = named.length > 0 ? named : floating;
  if (only === undefined || second !== undefined) fail(`The model has ${floating.length} floating-point outputs (${session.outputNames.join(', ')}); exactly one can be the answer (export with zipmap off)`);
  return only;
}

function tensorOf(column: FeatureColumn, type: Tensor.Type, rowCount: number): Tensor {
  const shape = [rowCount, 1];
  if ('strings' in column) return new Tensor('string', column.strings, shape);
  if (type === 'float32') return new Tensor('float32', Float32Array.from(column.numbers), shape);
  if (type === 'float64') return new Tensor('float64', column.numbers, shape);
  if (column.numbers.some(Number.isNaN)) throw new MillraceError('invalid-features', `Feature "${column.input.name}" is null, which a model with whole-number tensors cannot take`, { feature: column.input.name });
  if (type === 'int32') return new Tensor('int32', Int32Array.from(column.numbers), shape);
  return new Tensor('int64', BigInt64Array.from(column.numbers, BigInt), shape);
}

function scoresOf(tensor: Tensor | undefined, rowCount: number, signature: ModelSignature): Float64Array {
  const data = tensor?.data as Float32Array | Float64Array | undefined;
  const width = (data?.length ?? 0) / rowCount;
  const isFit = width === 1 || (width === 2 && signature.output === 'probability');
  if (!data || !isFit) fail(`The model answered a tensor of shape [${tensor?.dims.join(', ') ?? ''}] for ${rowCount} rows`);
  // [n, 2] holds the probabilities of class 0 and class 1.
  return Float64Array.from({ length: rowCount }, (_, row) => data[row * width + width - 1] ?? Number.NaN);
}

function fail(detail: string, cause?: unknown): never {
  throw new MillraceError('invalid-model', detail, { cause });
}
