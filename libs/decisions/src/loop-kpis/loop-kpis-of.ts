import type { LoopKpis } from '@millrace/contracts';
import { finiteOrNull } from '../evaluation/finding.js';
import { gainBlocksOf } from '../evaluation/paired-blocks.js';
import type { PairedBlock } from '../evaluation/paired-blocks.js';
import { blockEstimateOf, lowerBoundOf, upperBoundOf } from '../statistics/block-estimate.js';
import { quantilesOf } from '../statistics/quantiles.js';
import type { LoopFact, RealisedPairs, ServedLoss, TimedFact } from './loop-fact.js';

/** Two-sided 90 %: a promise is broken only when what was realised lies surely below it. */
const ALPHA = 0.05;
const MONTH_MS = 30 * 86_400_000;

type FactOf<N extends LoopFact['fact']> = Extract<LoopFact, { fact: N }>;

/**
 * What a pipeline's loop was worth: times to detect, resolve and deploy, how often it retrained and with which yield and cost,
 * what gates promised and what was realised on live requests, and the loss above the usual one from change points to recovery.
 * @param facts in any order; of several that say the same of one thing the first counts
 */
export function loopKpisOf(pipeline: string, facts: readonly TimedFact[], realised: readonly RealisedPairs[], losses: readonly ServedLoss[]): LoopKpis {
  const timed = facts.toSorted((a, b) => a.atMs - b.atMs);
  const all = <N extends LoopFact['fact']>(name: N): (FactOf<N> & { atMs: number })[] => timed.flatMap(({ atMs, fact }) => (fact.fact === name ? [{ ...(fact as FactOf<N>), atMs }] : []));
  const raised = firstBy(all('incident-raised'), ({ incident }) => incident);
  const resolved = firstBy(all('incident-resolved'), ({ incident }) => incident);
  const promotions = firstBy(all('rollout-completed'), ({ run }) => run);
  const requested = firstBy(all('run-requested'), ({ run }) => run);
  const runOf = new Map(all('rollout-started').map(({ modelVersion, run }) => [modelVersion, run]));
  const requestedAt = new Map(requested.map(({ run, atMs }) => [run, atMs]));
  return {
    pipeline,
    from: isoOf(timed[0]?.atMs),
    to: isoOf(timed.at(-1)?.atMs),
    incidents: countsBy(raised, ({ kind }) => kind),
    detection: summaryOf(raised.map(({ detectedAt, changePoint }) => Date.parse(detectedAt) - Date.parse(changePoint))),
    resolution: summaryOf(resolved.map(({ resolvedAt, changePoint }) => Date.parse(resolvedAt) - Date.parse(changePoint))),
    deployment: summaryOf(promotions.flatMap(({ run, atMs }) => (requestedAt.has(run) ? [atMs - (requestedAt.get(run) ?? NaN)] : []))),
    retraining: retrainingOf(requested, {
      promoted: new Set(promotions.map(({ run }) => run)),
      refused: new Set([...all('version-rejected').map(({ run }) => run), ...all('rolled-back').flatMap(({ modelVersion }) => runOf.get(modelVersion) ?? [])]),
      failed: new Set(all('run-failed').map(({ run }) => run)),
      cancelled: new Set(all('run-cancelled').map(({ run }) => run)),
      commandMs: firstBy(all('run-completed'), ({ run }) => run).reduce((sum, { durationMs }) => sum + durationMs, 0),
    }),
    gates: promotions.toReversed().flatMap((promotion) => gateOf(promotion, all('run-evaluated'), realised)),
    excessLoss: excessOf(raised, resolved, losses, realised),
  };
}

interface RunEnds {
  promoted: ReadonlySet<string>;
  refused: ReadonlySet<string>;
  failed: ReadonlySet<string>;
  cancelled: ReadonlySet<string>;
  commandMs: number;
}

/** A run that was promoted and later rolled back counts as refused: its version did not stay. What was cancelled says nothing of the yield. */
function retrainingOf(requested: readonly (FactOf<'run-requested'> & { atMs: number })[], { promoted, refused, failed, cancelled, commandMs }: RunEnds): LoopKpis['retraining'] {
  const countOf = (ends: (run: string) => boolean): number => requested.filter(({ run }) => ends(run)).length;
  const isCancelled = (run: string): boolean => cancelled.has(run) && !promoted.has(run);
  const counts = {
    refused: countOf((run) => refused.has(run) && !isCancelled(run)),
    promoted: countOf((run) => promoted.has(run) && !refused.has(run)),
    failed: countOf((run) => failed.has(run) && !promoted.has(run) && !refused.has(run) && !isCancelled(run)),
  };
  const cancelledRuns = countOf(isCancelled);
  const judged = counts.refused + counts.promoted + counts.failed;
  const times = requested.map(({ asOf }) => Date.parse(asOf));
  const spanMs = Math.max(...times) - Math.min(...times);
  return {
    runs: requested.length,
    byCause: countsBy(requested, ({ cause }) => cause),
    perMonth: requested.length < 2 || spanMs <= 0 ? null : ((requested.length - 1) * MONTH_MS) / spanMs,
    ...counts,
    cancelled: cancelledRuns,
    open: requested.length - judged - cancelledRuns,
    yield: judged === 0 ? null : counts.promoted / judged,
    commandMs,
  };
}

function gateOf({ run, modelVersion, previousModelVersion }: FactOf<'rollout-completed'>, evaluated: readonly FactOf<'run-evaluated'>[], realised: readonly RealisedPairs[]): LoopKpis['gates'] {
  if (previousModelVersion === null) return [];
  const promise = estimateOf(evaluated.find((each) => each.run === run)?.recent ?? []);
  const kept = estimateOf(realised.find((pairs) => pairs.modelVersion === modelVersion && pairs.otherModelVersion === previousModelVersion)?.blocks ?? []);
  const promised = finiteOrNull(promise.mean);
  const realisedUpper = finiteOrNull(upperBoundOf(kept, ALPHA));
  return [
    {
      run,
      modelVersion,
      previousModelVersion,
      promised,
      promisedLower: finiteOrNull(lowerBoundOf(promise, ALPHA)),
      realised: finiteOrNull(kept.mean),
      realisedLower: finiteOrNull(lowerBoundOf(kept, ALPHA)),
      realisedUpper,
      rows: kept.rows,
      kept: promised === null || realisedUpper === null ? null : realisedUpper >= promised,
    },
  ];
}

function estimateOf(blocks: readonly PairedBlock[]): ReturnType<typeof blockEstimateOf> {
  return blockEstimateOf(gainBlocksOf(blocks));
}

/** Loss above the usual one between change points and recoveries; what is saved against never retraining where the version before still answered in shadow. */
function excessOf(raised: readonly FactOf<'incident-raised'>[], resolved: readonly FactOf<'incident-resolved'>[], losses: readonly ServedLoss[], realised: readonly RealisedPairs[]): LoopKpis['excessLoss'] {
  const ends = new Map(resolved.map(({ incident, resolvedAt }) => [incident, resolvedAt]));
  const spells = raised.filter(({ kind }) => kind === 'performance' || kind === 'drift').map(({ incident, changePoint }) => ({ from: changePoint, to: ends.get(incident) ?? '9999' }));
  const inside = losses.filter((loss) => spells.some(({ from, to }) => loss.from >= from && loss.from < to));
  const gains = realised.filter(({ modelVersion, otherModelVersion }) => modelVersion > otherModelVersion).flatMap(({ blocks }) => gainBlocksOf(blocks));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    total: inside.length === 0 ? null : finiteOrNull(sum(inside.map(({ rows, meanLoss, usualLoss }) => rows * (meanLoss - usualLoss)))),
    rows: sum(inside.map(({ rows }) => rows)),
    saved: gains.length === 0 ? null : finiteOrNull(sum(gains.map((gain) => gain.sum))),
    savedRows: sum(gains.map(({ rows }) => rows)),
  };
}

function summaryOf(durations: readonly number[]): LoopKpis['detection'] {
  const known = durations.filter((each) => Number.isFinite(each) && each >= 0);
  return { count: known.length, medianMs: finiteOrNull(quantilesOf(known, [0.5])[0]), largestMs: known.length === 0 ? null : Math.max(...known) };
}

function firstBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item);
  return [...first.values()];
}

function countsBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

function isoOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
