import { MillraceError } from '@millrace/contracts';
import type { FeatureRow, ModelInput, ModelSignature } from './model-signature.js';

/** What is wrong with one row; `row` counts from 0. */
export interface FeatureFlaw {
  row: number;
  feature: string;
  problem: string;
}

export type FeatureColumn = { input: ModelInput; numbers: Float64Array } | { input: ModelInput; strings: string[] };

const MOST_FLAWS = 20;

/**
 * Turns rows into one column per input. Every row must hold exactly the inputs' names, each of its type; null is taken for nullable inputs only.
 * Errors: `invalid-features` with the first 20 flaws in `errors`.
 */
export function featureColumnsOf(signature: ModelSignature, rows: readonly FeatureRow[]): FeatureColumn[] {
  const flaws: FeatureFlaw[] = [];
  const columns = signature.inputs.map((input) => columnOf(input, rows, flaws));
  findUnknownNames(signature, rows, flaws);
  if (flaws.length > 0) {
    const [first] = flaws;
    throw new MillraceError('invalid-features', `Row ${first?.row}: feature "${first?.feature}" ${first?.problem}`, { errors: flaws.slice(0, MOST_FLAWS) });
  }
  return columns;
}

function columnOf(input: ModelInput, rows: readonly FeatureRow[], flaws: FeatureFlaw[]): FeatureColumn {
  const column: FeatureColumn = input.type === 'string' ? { input, strings: new Array<string>(rows.length) } : { input, numbers: new Float64Array(rows.length) };
  rows.forEach((row, index) => {
    const value = row[input.name];
    const problem = problemOf(input, value);
    if (problem !== undefined) {
      if (flaws.length < MOST_FLAWS) flaws.push({ row: index, feature: input.name, problem });
    } else if ('strings' in column) {
      column.strings[index] = (value ?? '') as string;
    } else {
      column.numbers[index] = (value ?? Number.NaN) as number;
    }
  });
  return column;
}

function problemOf(input: ModelInput, value: number | string | null | undefined): string | undefined {
  if (value === undefined) return 'is missing';
  if (value === null) return input.nullable ? undefined : 'must not be null';
  if (input.type === 'string') return typeof value === 'string' ? undefined : `takes a string, not ${JSON.stringify(value)}`;
  if (input.type === 'long') return Number.isSafeInteger(value) ? undefined : `takes a whole number, not ${JSON.stringify(value)}`;
  return typeof value === 'number' && Number.isFinite(value) ? undefined : `takes a finite number, not ${JSON.stringify(value)}`;
}

function findUnknownNames(signature: ModelSignature, rows: readonly FeatureRow[], flaws: FeatureFlaw[]): void {
  const known = new Set(signature.inputs.map((input) => input.name));
  rows.forEach((row, index) => {
    for (const name in row) {
      if (!known.has(name) && flaws.length < MOST_FLAWS) flaws.push({ row: index, feature: name, problem: 'is not an input of the model' });
    }
  });
}
