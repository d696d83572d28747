import { MillraceError } from '@millrace/contracts';
import { chooseTarget, entityOf, featureColumnOf, instantMsOf, judgeServedRecord, shareOf } from '@millrace/decisions';
import type { FeatureValue } from '@millrace/decisions';
import type { OnlineTiles } from '../adapters/online-tiles.js';
import type { PredictionLog, PredictionRecord } from '../adapters/prediction-log.js';
import type { ActiveRoute, LoadedTarget, RouteTable } from '../adapters/route-table.js';
import { aggregatedDataSets, featuresOf } from './features-of.js';

/** What answers predictions. Ids and time are given, for tests. */
export interface PredictionParts {
  routes: RouteTable;
  tiles: OnlineTiles;
  log: PredictionLog;
  /** Whether online features have been read, now or before a restart. */
  hasFeatures(): boolean;
  staleMs(): number | null;
  newId(): string;
  nowMs(): number;
}

export interface PredictionRequest {
  pipeline: string;
  /** Given by the caller, or a new id. */
  requestId: string;
  records: readonly Readonly<Record<string, unknown>>[];
}

export interface Answer {
  predictionId: string;
  key: string;
  score: number;
  modelVersion: number;
}

export interface AnsweredRequest {
  route: ActiveRoute;
  champion: LoadedTarget;
  /** Online values were complete up to here; null when the champion's features need none. */
  featureWatermarkMs: number | null;
  /** Time since Kafka last answered; null when it never did. */
  staleMs: number | null;
  answers: Answer[];
}

interface Asked {
  record: Readonly<Record<string, unknown>>;
  key: string;
  atMs: number;
}

/** What a target makes of every record. A score that could not be computed is NaN. */
interface Scored {
  target: LoadedTarget;
  features: Record<string, FeatureValue>[];
  scores: Float64Array;
  latencyMs: number;
  failure: unknown;
}

const MOST_FLAWS = 20;

/**
 * Answers records, each as of its event time (now where it has none). Every target of the route scores every record from features of its own; the assigned one answers, and each
 * score is logged with the features it was made from. Errors: `model-not-served`, `invalid-features` naming rows and columns, `features-stale`, what the champion's model throws.
 */
export async function predict(parts: PredictionParts, request: PredictionRequest): Promise<AnsweredRequest> {
  const route = parts.routes.get(request.pipeline);
  const champion = route?.targets.find((target) => target.role === 'champion');
  if (!route || !champion) throw new MillraceError('model-not-served', `No version of ${request.pipeline} is served`, { pipeline: request.pipeline });
  refuseFlaws(champion, request);
  if (!parts.hasFeatures() && aggregatedDataSets(champion.serving).length > 0) throw new MillraceError('features-stale', 'Online features have not been read since the start');
  const nowMs = parts.nowMs();
  const asked = request.records.map((record): Asked => ({ record, key: entityOf(record[champion.serving.keyColumn]) ?? '', atMs: instantMsOf(record[champion.serving.eventTimeColumn]) ?? nowMs }));
  const scored = await Promise.all(route.targets.map((target) => scoreAll(parts.tiles, target, asked)));
  const { records, answers } = settle(parts, { route, request, asked, scored, champion });
  if (champion.serving.logging === 'durable') await parts.log.addDurably(route.pipeline, records);
  else parts.log.add(route.pipeline, records);
  const answered = answers.filter((answer) => answer !== undefined);
  if (answered.length < asked.length) throw noAnswer(route, champion, answers, scored);
  return { route, champion, featureWatermarkMs: parts.tiles.watermarkMsOf(aggregatedDataSets(champion.serving)), staleMs: parts.staleMs(), answers: answered };
}

/** The champion's own failure, or that it answered something that is no number (a model that cannot take an absent or a very large value does). */
function noAnswer(route: ActiveRoute, champion: LoadedTarget, answers: readonly (Answer | undefined)[], scored: readonly Scored[]): unknown {
  const row = answers.indexOf(undefined);
  const detail = `Version ${champion.modelVersion} of ${route.pipeline} answers no number for record ${row}`;
  return scored.find(({ target }) => target === champion)?.failure ?? new MillraceError('no-score', detail, { pipeline: route.pipeline, modelVersion: champion.modelVersion });
}

function refuseFlaws({ serving }: LoadedTarget, { records }: PredictionRequest): void {
  const flaws = records.flatMap((record, row) => judgeServedRecord(serving.columns, record, row)).slice(0, MOST_FLAWS);
  const [first] = flaws;
  if (!first) return;
  const errors = flaws.map(({ row, column, problem }) => ({ path: `records[${row}].${column}`, message: problem }));
  throw new MillraceError('invalid-features', `Record ${first.row}: "${first.column}" ${first.problem}`, { errors });
}

async function scoreAll(tiles: OnlineTiles, target: LoadedTarget, asked: readonly Asked[]): Promise<Scored> {
  const startedMs = performance.now();
  const features = asked.map(({ record, atMs }) => featuresOf(tiles, target.serving, record, atMs));
  let failure: unknown;
  const scores = await target.loaded.score(features).catch((error: unknown) => {
    failure = error;
    return new Float64Array(asked.length).fill(Number.NaN);
  });
  return { target, features, scores, latencyMs: performance.now() - startedMs, failure };
}

interface Round {
  route: ActiveRoute;
  request: PredictionRequest;
  asked: readonly Asked[];
  scored: readonly Scored[];
  champion: LoadedTarget;
}

/** Who answers each record, and the log's records. A challenger that broke is answered for by the champion. */
function settle(parts: PredictionParts, { route, request, asked, scored, champion }: Round): { records: PredictionRecord[]; answers: (Answer | undefined)[] } {
  const records: PredictionRecord[] = [];
  const predictedAt = new Date(parts.nowMs()).toISOString();
  const answers = asked.map(({ key, atMs }, row) => {
    const chosen = chooseTarget(route.targets, shareOf(route.pipeline, key));
    const isBroken = !Number.isFinite(scored.find(({ target }) => target === chosen?.target)?.scores[row]);
    let answer: Answer | undefined;
    for (const { target, features, scores, latencyMs } of scored) {
      const score = scores[row] ?? Number.NaN;
      const predictionId = parts.newId();
      const served = target === chosen?.target || (isBroken && target === champion);
      if (served && Number.isFinite(score)) answer = { predictionId, key, score, modelVersion: target.modelVersion };
      records.push({
        prediction_id: predictionId,
        request_id: request.requestId,
        key,
        event_time: new Date(atMs).toISOString(),
        predicted_at: predictedAt,
        model_version: target.modelVersion,
        role: target.role,
        served,
        route_revision: route.revision,
        pipeline_version: route.pipelineVersion,
        score: Number.isFinite(score) ? score : null,
        propensity: target === chosen?.target ? chosen.propensity : 0,
        latency_ms: latencyMs,
        ...logged(features[row] ?? {}),
      });
    }
    return answer;
  });
  return { records, answers };
}

function logged(features: Record<string, FeatureValue>): Record<string, FeatureValue> {
  return Object.fromEntries(Object.entries(features).map(([name, value]) => [featureColumnOf(name), value]));
}
