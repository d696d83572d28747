import type { ValueBlock } from '../statistics/block-estimate.js';
import { lossOfRow } from '../statistics/row-losses.js';
import type { LossName } from '../statistics/row-losses.js';

/** Mean losses of challenger and champion on the same rows of one block (a day, an entity). */
export interface PairedBlock {
  block: string;
  rows: number;
  challengerLoss: number;
  /** Null when there is no champion yet. */
  championLoss: number | null;
  /** Mean over rows of (champion's loss - challenger's loss) squared; lets the effective number of rows be told. */
  meanSquaredGain?: number | null;
}

/** Columns of a scored hold-out, one entry per row. */
export interface ScoredRows {
  /** The block each row belongs to: its day as an ISO date, or its entity. */
  blocks: readonly string[];
  labels: readonly number[];
  challenger: readonly number[];
  champion: readonly number[] | null;
}

/** Losses of every row, summed up to blocks in the order in which the blocks first occur. */
export function pairedBlocksOf(loss: LossName, scored: ScoredRows): PairedBlock[] {
  const sums = new Map<string, { rows: number; challenger: number; champion: number; squares: number }>();
  scored.labels.forEach((label, row) => {
    const block = scored.blocks[row] ?? '';
    const sum = sums.get(block) ?? { rows: 0, challenger: 0, champion: 0, squares: 0 };
    const challenger = lossOfRow(loss, scored.challenger[row] ?? NaN, label);
    const champion = scored.champion ? lossOfRow(loss, scored.champion[row] ?? NaN, label) : 0;
    sum.rows += 1;
    sum.challenger += challenger;
    sum.champion += champion;
    sum.squares += (champion - challenger) ** 2;
    sums.set(block, sum);
  });
  return [...sums].map(([block, { rows, challenger, champion, squares }]) => ({
    block,
    rows,
    challengerLoss: challenger / rows,
    championLoss: scored.champion ? champion / rows : null,
    meanSquaredGain: scored.champion ? squares / rows : null,
  }));
}

/** The challenger's gain (champion's loss - challenger's loss, positive is better) per block; blocks without a champion are left out. */
export function gainBlocksOf(blocks: readonly PairedBlock[]): ValueBlock[] {
  return blocks.flatMap(({ block, rows, challengerLoss, championLoss, meanSquaredGain }) =>
    championLoss === null
      ? []
      : [{ block, rows, sum: (championLoss - challengerLoss) * rows, squareSum: (meanSquaredGain ?? NaN) * rows }],
  );
}
