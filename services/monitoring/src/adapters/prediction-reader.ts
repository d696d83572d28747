import { Injectable } from '@nestjs/common';
import type { Pipeline } from '@millrace/contracts';
import { BinSums, WindowCounter, dataSetOf, featureColumnOf, labelValueSql, pairedBlocksOf } from '@millrace/decisions';
import type { ClockWindow, ColumnValue, OutcomeRow, PairedBlock, PinnedColumn, ServedTraffic } from '@millrace/decisions';
import { sqlIdentifier } from '@millrace/storage';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { SeenWindow } from '../use-cases/judge-window.js';
import { PublishedTables } from './published-tables.js';

/** Scores that are kept to pin the bins of a version's scores with. */
const SCORE_SAMPLE = 10_000;

/** Two versions that answered the same requests. */
interface ComparedVersions {
  challenger: number;
  champion: number;
}

interface PairRow {
  day: string;
  label: number;
  challenger: number;
  champion: number;
}

/** Reads predictions and their matured outcomes out of the prediction log and the label data set. */
@Injectable()
export class PredictionReader {
  constructor(private readonly tables: PublishedTables) {}

  /** Counts a window: the features as served, over all versions that answered, and the scores of one version. Memory does not grow with its rows. */
  async seenWindow({ predictions }: PipelineRow, modelVersion: number, window: ClockWindow, pinned: { inputs: readonly PinnedColumn[]; score: PinnedColumn | null }): Promise<SeenWindow> {
    const inputs = new WindowCounter(window, pinned.inputs);
    const scores = pinned.score ? new WindowCounter(window, [pinned.score]) : null;
    const scoreSums = new BinSums(pinned.inputs);
    const scoreSample: number[] = [];
    if (!predictions) return { inputs: inputs.profile(0), scores: null, scoreSample, scoreSums };
    const relation = await this.tables.relation(predictions.url, [eventTimes(window)]);
    const features = pinned.inputs.map(({ name }, i) => `${sqlIdentifier(featureColumnOf(name))} AS _f${i}`);
    const sql = `SELECT ${['epoch_ms(event_time) AS _time', 'score AS _score', 'model_version AS _version', 'prediction_id AS _id', ...features].join(', ')} FROM ${relation} WHERE served AND ${within(window)}`;
    for await (const rows of this.tables.stream<Record<string, ColumnValue>>(sql)) {
      for (const row of rows) {
        const time = Number(row['_time']);
        const values = pinned.inputs.map((_, i) => row[`_f${i}`] ?? null);
        inputs.add(time, values);
        if (Number(row['_version']) !== modelVersion || row['_score'] === null || row['_score'] === undefined) continue;
        scoreSums.add(values, Number(row['_score']), String(row['_id']));
        scores?.add(time, [row['_score']]);
        if (!scores && scoreSample.length < SCORE_SAMPLE) scoreSample.push(Number(row['_score']));
      }
    }
    return { inputs: inputs.profile(await this.repeated(relation, window)), scores: scores?.profile(0) ?? null, scoreSample, scoreSums };
  }

  /** Rows of a window whose key and event time another row has as well. */
  private async repeated(relation: string, window: ClockWindow): Promise<number> {
    const [row] = await this.tables.query<{ repeated: number }>(`SELECT count(*) - count(DISTINCT (key, event_time)) AS repeated FROM ${relation} WHERE served AND ${within(window)}`);
    return Number(row?.repeated ?? 0);
  }

  /** What a version predicted for a window, served or in shadow, and what came of it, with its inputs. Rows without a label are left out. */
  async outcomes(pipeline: PipelineRow, modelVersion: number, window: ClockWindow, pinned: readonly PinnedColumn[]): Promise<OutcomeRow[]> {
    if (!pipeline.predictions || !pipeline.labels) return [];
    const predictions = await this.tables.relation(pipeline.predictions.url, [eventTimes(window)]);
    const features = pinned.map(({ name }, i) => ({ any: `any_value(${sqlIdentifier(featureColumnOf(name))}) AS _f${i}`, name: `_f${i}` }));
    const answers = await this.tables.query<Record<string, ColumnValue>>(
      `WITH answers AS (SELECT ${['prediction_id', 'key', 'event_time', 'any_value(score) AS score', ...features.map(({ any }) => any)].join(', ')} FROM ${predictions}
         WHERE model_version = ${modelVersion} AND score IS NOT NULL AND ${within(window)} GROUP BY prediction_id, key, event_time),
       ${await this.labelledSql(pipeline, window.fromMs, 'key, event_time')}
       SELECT ${['score AS _prediction', 'label AS _label', ...features.map(({ name }) => name)].join(', ')} FROM labelled`,
    );
    return answers.map((row) => ({ prediction: Number(row['_prediction']), label: Number(row['_label']), inputs: features.map(({ name }) => row[name] ?? null) }));
  }

  /** Losses of two versions on the same matured requests since a time, by day, or by hour where `blockMs` says so. */
  async pairs(pipeline: PipelineRow, versions: ComparedVersions, since: Date | null, blockMs: number): Promise<PairedBlock[]> {
    const maturedMs = maturedUntil(pipeline);
    return maturedMs === null ? [] : this.pairsWithin(pipeline, versions, { fromMs: since?.getTime() ?? 0, toMs: maturedMs }, blockMs);
  }

  /** As `pairs`, without the blocks at both ends of which a part is missing. */
  async wholeBlocks(pipeline: PipelineRow, versions: ComparedVersions, since: Date | null, blockMs: number): Promise<PairedBlock[]> {
    const maturedMs = maturedUntil(pipeline);
    if (maturedMs === null) return [];
    return this.pairsWithin(pipeline, versions, { fromMs: Math.ceil((since?.getTime() ?? 0) / blockMs) * blockMs, toMs: Math.floor(maturedMs / blockMs) * blockMs }, blockMs);
  }

  private async pairsWithin(pipeline: PipelineRow, versions: ComparedVersions, window: ClockWindow, blockMs: number): Promise<PairedBlock[]> {
    if (!pipeline.predictions || !pipeline.labels) return [];
    const predictions = await this.tables.relation(pipeline.predictions.url, [eventTimes(window)]);
    const rows = await this.tables.query<PairRow>(pairsSql(predictions, await this.labelledSql(pipeline, window.fromMs, 'request_id, key, event_time'), versions, window, blockMs));
    const scored = { blocks: rows.map(({ day }) => day), labels: rows.map(({ label }) => label), challenger: rows.map(({ challenger }) => challenger), champion: rows.map(({ champion }) => champion) };
    return pairedBlocksOf(pipeline.definition.evaluation.metric, scored);
  }

  /** What each version served since a time. */
  async served({ predictions }: PipelineRow, since: Date | null): Promise<Map<number, ServedTraffic>> {
    if (!predictions) return new Map();
    const window = { fromMs: since?.getTime() ?? 0, toMs: Number.MAX_SAFE_INTEGER };
    const relation = await this.tables.relation(predictions.url, [{ column: 'event_time', from: new Date(window.fromMs) }]);
    const rows = await this.tables.query<{ version: number; predictions: number; errors: number; p99: number | null }>(
      `SELECT model_version AS version, count(*) AS predictions, count(*) FILTER (score IS NULL) AS errors, quantile_cont(latency_ms, 0.99) AS p99
       FROM ${relation} WHERE served AND ${within(window)} GROUP BY 1`,
    );
    return new Map(rows.map(({ version, predictions: count, errors, p99 }) => [version, { predictions: count, errors, latencyP99Ms: p99 }]));
  }

  /** Pairs of versions that answered the same requests, the later one first. */
  async comparedVersions({ predictions }: PipelineRow): Promise<ComparedVersions[]> {
    if (!predictions) return [];
    const relation = await this.tables.relation(predictions.url, []);
    return this.tables.query(
      `WITH versions AS (SELECT request_id, key, event_time, model_version FROM ${relation} GROUP BY ALL)
       SELECT DISTINCT a.model_version AS challenger, b.model_version AS champion
       FROM versions a JOIN versions b USING (request_id, key, event_time) WHERE a.model_version > b.model_version ORDER BY 1 DESC, 2 DESC`,
    );
  }

  /**
   * The relation `labelled`: what stands in `answers` with its `label`, the same outcome that `settleLabel` finds. Feedback by prediction id
   * comes first, then by key and the very time, then by key alone where that was asked for once; what was known before the time asked for is
   * none; of several the one known last counts. @param unit columns of which each combination is one answer
   */
  private async labelledSql({ definition, labels }: PipelineRow, sinceMs: number, unit: string): Promise<string> {
    const { label } = definition;
    const dataSet = dataSetOf(definition, label.dataSet);
    const relation = await this.tables.relation(labels?.url ?? '', [{ column: dataSet.knownAtColumn, from: new Date(sinceMs) }]);
    const [key, known, at, value] = [dataSet.keyColumn, dataSet.knownAtColumn, dataSet.eventTimeColumn, label.column].map(sqlIdentifier);
    const told = `SELECT CAST(${key} AS VARCHAR) AS _key, epoch_ms(${at}) AS _at, epoch_ms(${known}) AS _known, ${labelValueSql(label, dataSet, value ?? '')} AS label, _partition, _offset FROM ${relation} WHERE ${value} IS NOT NULL`;
    return `told AS MATERIALIZED (${told}),
       asked AS (SELECT *, epoch_ms(event_time) AS _asked, min(event_time) OVER by_key <> max(event_time) OVER by_key AS repeated FROM answers WINDOW by_key AS (PARTITION BY key)),
       addressed AS (
         SELECT *, 0 AS nearness FROM asked JOIN told ON _key = prediction_id WHERE prediction_id <> key
         UNION ALL SELECT *, CASE WHEN _at = _asked THEN 1 ELSE 2 END AS nearness FROM asked JOIN told ON _key = key WHERE _at = _asked OR NOT repeated),
       labelled AS (SELECT * FROM addressed WHERE _known >= _asked QUALIFY row_number() OVER (PARTITION BY ${unit} ORDER BY nearness, _known DESC, _partition DESC, _offset DESC) = 1)`;
  }
}

/** Event time before which every prediction's label is final, by the clock of the labels; null while nothing is known. */
function maturedUntil({ labels, definition }: Pick<PipelineRow, 'labels'> & { definition: Pipeline }): number | null {
  return labels?.watermark ? Date.parse(labels.watermark) - definition.label.maturesAfterMs : null;
}

/** Who asked knows the id of the answer that was served, not that of a version in shadow. */
function pairsSql(predictions: string, labelled: string, { challenger, champion }: ComparedVersions, window: ClockWindow, blockMs: number): string {
  const answersOf = (version: number): string =>
    `SELECT request_id, key, event_time, any_value(prediction_id) AS prediction_id, any_value(prediction_id) FILTER (served) AS served_id, any_value(score) AS score FROM ${predictions} WHERE model_version = ${version} AND score IS NOT NULL AND ${within(window)} GROUP BY request_id, key, event_time`;
  const block = `strftime(make_timestamp(CAST(floor(epoch_ms(event_time) / ${blockMs}) * ${blockMs} AS BIGINT) * 1000), '${blockMs < 86_400_000 ? '%Y-%m-%dT%H:%M' : '%Y-%m-%d'}')`;
  return `WITH a AS (${answersOf(challenger)}), b AS (${answersOf(champion)}),
    answers AS (SELECT request_id, key, event_time, coalesce(a.served_id, b.served_id, a.prediction_id) AS prediction_id, a.score AS challenger, b.score AS champion FROM a JOIN b USING (request_id, key, event_time)), ${labelled}
    SELECT ${block} AS day, label, challenger, champion FROM labelled ORDER BY 1`;
}

function within({ fromMs, toMs }: ClockWindow): string {
  return `epoch_ms(event_time) >= ${fromMs} AND epoch_ms(event_time) < ${toMs}`;
}

function eventTimes({ fromMs, toMs }: ClockWindow): { column: string; from: Date; to: Date } {
  return { column: 'event_time', from: new Date(fromMs), to: new Date(toMs) };
}
