export { blockEstimateOf, lowerBoundOf, upperBoundOf } from './statistics/block-estimate.js';
export type { BlockEstimate, ValueBlock } from './statistics/block-estimate.js';
export { bootstrapLowerBoundOf } from './statistics/block-bootstrap.js';
export { chiSquareTest, twoShareTest } from './statistics/categorical-tests.js';
export type { TestResult } from './statistics/categorical-tests.js';
export { chiSquareSurvival } from './statistics/chi-square-distribution.js';
export {
  jensenShannonDivergenceOf,
  jensenShannonOf,
  ksDistanceOfCounts,
  kullbackLeiblerOf,
  psiOf,
  wassersteinOfCounts,
} from './statistics/count-distances.js';
export { histogramOf, sturgesEdgesOf } from './statistics/histogram.js';
export { meanOf, varianceOf } from './statistics/moments.js';
export { normalQuantile, normalSurvival } from './statistics/normal-distribution.js';
export { quantilesOf } from './statistics/quantiles.js';
export { rocAucOf } from './statistics/roc-auc.js';
export { bestConstantOf, lossOfRow } from './statistics/row-losses.js';
export type { LossName } from './statistics/row-losses.js';
export { ksDistanceOf, normedWassersteinOf, wassersteinOf } from './statistics/sample-distances.js';
export { seededRandom } from './statistics/seeded-random.js';
export type { Random } from './statistics/seeded-random.js';
export { studentTQuantile, studentTSurvival } from './statistics/student-t-distribution.js';
export { alphaOfTry } from './evaluation/alpha-ledger.js';
export { compareLosses } from './evaluation/compare-losses.js';
export type { LossComparison } from './evaluation/compare-losses.js';
export { finiteOrNull, readable } from './evaluation/finding.js';
export type { Finding } from './evaluation/finding.js';
export type { AbsoluteGate, GateInput, GatePolicy, GateVerdict, HoldOutScores } from './evaluation/gate-policy.js';
export { holdOutMetricsOf, pairedLossOf } from './evaluation/hold-out-metrics.js';
export type { Task } from './evaluation/hold-out-metrics.js';
export { judgeAbsoluteGates } from './evaluation/judge-absolute-gates.js';
export { judgeGate } from './evaluation/judge-gate.js';
export type { GateJudgement } from './evaluation/judge-gate.js';
export { judgeParity, parityOf } from './evaluation/judge-parity.js';
export type { Parity } from './evaluation/judge-parity.js';
export { gainBlocksOf, pairedBlocksOf } from './evaluation/paired-blocks.js';
export type { PairedBlock, ScoredRows } from './evaluation/paired-blocks.js';
