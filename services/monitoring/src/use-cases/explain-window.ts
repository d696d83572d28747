import { addSums, grownBinOf, nameOfBin, sharesOfChange } from '@millrace/decisions';
import type { DriftDecision, Reference, SumsByBin } from '@millrace/decisions';
import type { SeenWindow } from './judge-window.js';

/** A prediction that shows what came instead of the usual. */
export interface Example {
  column: string;
  values: string;
  predictionId: string;
}

const MOST_EXAMPLES = 5;

/** Adds to the columns out of bounds their parts in the change of the prediction and of the loss, and finds examples. Nothing without drift. */
export function explained(decision: DriftDecision, reference: Reference, { inputs, scoreSums }: Pick<SeenWindow, 'inputs' | 'scoreSums'>, losses: readonly Record<string, SumsByBin>[]): { decision: DriftDecision; examples: Example[] } {
  if (decision.columns.length === 0) return { decision, examples: [] };
  const byColumn = scoreSums.byColumn();
  const moved = decision.columns.flatMap(({ column: name }) => {
    const its = reference.columns.find(({ column }) => column.name === name);
    const window = inputs.columns[name];
    return its && window ? [{ reference: its, window, name }] : [];
  });
  const ofPrediction = sharesOfChange(moved.map(({ name, ...one }) => ({ ...one, sums: byColumn[name] })));
  const ofError = sharesOfChange(moved.map(({ name, ...one }) => ({ ...one, sums: lossesOf(losses, name) })));
  const columns = decision.columns.map((column) => {
    const [predictionShare, errorShare] = [ofPrediction.get(column.column), ofError.get(column.column)];
    return { ...column, ...(predictionShare === undefined ? {} : { predictionShare }), ...(errorShare === undefined ? {} : { errorShare }) };
  });
  const examples = moved.slice(0, MOST_EXAMPLES).flatMap(({ name, reference: its, window }) => {
    const bin = grownBinOf(its.pooled, window);
    const predictionId = scoreSums.exampleOf(name, bin);
    return predictionId === null ? [] : [{ column: name, values: nameOfBin(its.column, bin), predictionId }];
  });
  return { decision: { ...decision, columns }, examples };
}

function lossesOf(losses: readonly Record<string, SumsByBin>[], column: string): SumsByBin | undefined {
  const parts = losses.flatMap((window) => window[column] ?? []);
  return parts.length > 0 ? addSums(parts) : undefined;
}
