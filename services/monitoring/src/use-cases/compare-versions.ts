import type { VersionComparison } from '@millrace/contracts';
import { blockEstimateOf, finiteOrNull, gainBlocksOf, lowerBoundOf, upperBoundOf } from '@millrace/decisions';
import type { PairedBlock } from '@millrace/decisions';
import type { PipelineRow } from '../store/pipeline.row.js';

const DAY_MS = 86_400_000;
const ALPHA = 0.05;

interface Versions {
  challenger: number;
  champion: number;
}

/** What a comparison reads of the prediction log. */
export interface PairSource {
  comparedVersions(pipeline: PipelineRow): Promise<Versions[]>;
  pairs(pipeline: PipelineRow, versions: Versions, since: Date | null, blockMs: number): Promise<PairedBlock[]>;
}

/** Before and after on the very same requests: for each pair of versions that answered them, one of the two in shadow. */
export async function compareVersions(pipeline: PipelineRow, source: PairSource): Promise<VersionComparison[]> {
  const comparisons: VersionComparison[] = [];
  for (const versions of await source.comparedVersions(pipeline)) comparisons.push(comparisonOf(pipeline, versions, await source.pairs(pipeline, versions, null, DAY_MS)));
  return comparisons;
}

function comparisonOf({ pipeline, definition }: PipelineRow, { challenger, champion }: Versions, blocks: PairedBlock[]): VersionComparison {
  const estimate = blockEstimateOf(gainBlocksOf(blocks));
  const meanOver = (lossOf: (block: PairedBlock) => number): number | null =>
    finiteOrNull(blocks.reduce((sum, block) => sum + block.rows * lossOf(block), 0) / estimate.rows);
  return {
    pipeline,
    modelVersion: challenger,
    otherModelVersion: champion,
    metric: definition.evaluation.metric,
    rows: estimate.rows,
    meanLoss: meanOver((block) => block.challengerLoss),
    otherMeanLoss: meanOver((block) => block.championLoss ?? NaN),
    gain: finiteOrNull(estimate.mean),
    lowerBound: finiteOrNull(lowerBoundOf(estimate, ALPHA)),
    upperBound: finiteOrNull(upperBoundOf(estimate, ALPHA)),
    blocks,
  };
}
