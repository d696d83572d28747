import { Injectable } from '@nestjs/common';
import type { BusinessMetric } from '@millrace/contracts';
import { dataSetOf, featureColumnOf, labelValueSql } from '@millrace/decisions';
import type { ClockWindow, FeatureCell, LoggedPrediction, ReportedLabel } from '@millrace/decisions';
import { sqlIdentifier } from '@millrace/storage';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { ServedTrafficOfWindow, SourceAge } from '../use-cases/serving-measures.js';
import { PublishedTables } from './published-tables.js';

interface AnswerRow extends Record<string, FeatureCell> {
  prediction_id: string;
  key: string;
  at_ms: number;
  score: number | null;
  repeated: boolean;
}

interface FeedbackRow {
  prediction_id: string;
  key: string;
  at_ms: number;
  known_ms: number;
  value: number | null;
}

/** Joins windows of the prediction log with everything that was told about their outcomes, and reads what serving was like. */
@Injectable()
export class QualityReader {
  constructor(private readonly tables: PublishedTables) {}

  /** Versions that answered in a window, served or in shadow. */
  async versionsOf({ predictions }: PipelineRow, window: ClockWindow): Promise<number[]> {
    if (!predictions) return [];
    const relation = await this.tables.relation(predictions.url, [eventTimes(window)]);
    const rows = await this.tables.query<{ version: number }>(`SELECT DISTINCT model_version AS version FROM ${relation} WHERE ${within(window)} ORDER BY 1`);
    return rows.map(({ version }) => Number(version));
  }

  /** A version's predictions in a window, each with all feedback that names its id or its key. */
  async predictions(pipeline: PipelineRow, modelVersion: number, window: ClockWindow): Promise<LoggedPrediction[]> {
    const { predictions, definition } = pipeline;
    if (!predictions) return [];
    const answers = await this.answersSql(predictions.url, modelVersion, window, definition.features.map(({ name }) => name));
    const rows = await this.tables.query<AnswerRow>(
      `WITH answers AS (${answers}) SELECT *, count(*) OVER (PARTITION BY key) > 1 AS repeated FROM answers ORDER BY at_ms, prediction_id`,
    );
    const reported = Map.groupBy(await this.feedback(pipeline, answers, window), (label) => label.prediction_id);
    return rows.map((row) => ({
      predictionId: row.prediction_id,
      key: row.key,
      eventTimeMs: Number(row.at_ms),
      isKeyRepeated: row.repeated,
      score: row.score,
      features: definition.features.map(({ name }) => row[`f_${name}`] ?? null),
      reported: (reported.get(row.prediction_id) ?? []).map(toReported),
    }));
  }

  /** What a version served in a window: counts, latencies, and how many values of each feature are missing. */
  async traffic({ predictions, definition }: PipelineRow, modelVersion: number, window: ClockWindow): Promise<ServedTrafficOfWindow | null> {
    if (!predictions) return null;
    const relation = await this.tables.relation(predictions.url, [eventTimes(window)]);
    const missing = definition.features.map(({ name }) => `count(*) FILTER (${sqlIdentifier(featureColumnOf(name))} IS NULL) AS ${sqlIdentifier(`missing_${name}`)}`);
    const [row] = await this.tables.query<Record<string, number | null>>(
      `SELECT count(*) AS rows, count(*) FILTER (score IS NULL) AS errors, count(*) FILTER (isinf(score) OR isnan(score)) AS unusable,
         quantile_cont(latency_ms, 0.5) AS p50, quantile_cont(latency_ms, 0.99) AS p99${missing.map((sql) => `, ${sql}`).join('')}
       FROM ${relation} WHERE served AND model_version = ${modelVersion} AND ${within(window)}`,
    );
    if (!row) return null;
    return {
      rows: Number(row['rows']),
      errors: Number(row['errors']),
      unusableScores: Number(row['unusable']),
      latencyP50Ms: row['p50'] ?? null,
      latencyP99Ms: row['p99'] ?? null,
      missing: Object.fromEntries(definition.features.map(({ name }) => [name, Number(row[`missing_${name}`])])),
    };
  }

  /** How old the newest record that a feature could know was, at each prediction; for each data set that features aggregate. */
  async sourceAges({ predictions }: PipelineRow, sources: readonly { dataSet: string; url: string; knownAtColumn: string }[], window: ClockWindow): Promise<SourceAge[]> {
    const ages: SourceAge[] = [];
    for (const { dataSet, url, knownAtColumn } of predictions ? sources : []) {
      const [asked, source] = [await this.tables.relation(predictions?.url ?? '', [eventTimes(window)]), await this.tables.relation(url, [])];
      const known = sqlIdentifier(knownAtColumn);
      const [row] = await this.tables.query<{ rows: number; p99: number | null }>(
        `WITH asked AS (SELECT event_time FROM ${asked} WHERE served AND ${within(window)}), source AS (SELECT DISTINCT ${known} AS known FROM ${source} WHERE epoch_ms(${known}) < ${window.toMs})
         SELECT count(*) AS rows, quantile_cont(epoch_ms(asked.event_time) - epoch_ms(source.known), 0.99) AS p99 FROM asked ASOF LEFT JOIN source ON asked.event_time >= source.known`,
      );
      ages.push({ dataSet, rows: Number(row?.rows ?? 0), p99Ms: row?.p99 ?? null });
    }
    return ages;
  }

  /** A business metric over the records of a window; null without any. */
  async business({ aggregate, column }: BusinessMetric, { url, eventTimeColumn }: { url: string; eventTimeColumn: string }, { fromMs, toMs }: ClockWindow): Promise<{ value: number | null; rows: number }> {
    const [relation, time] = [await this.tables.relation(url, []), sqlIdentifier(eventTimeColumn)];
    const value = column === null || aggregate === 'count' ? 'count(*)' : `${aggregate}(${sqlIdentifier(column)})`;
    const [row] = await this.tables.query<{ value: number | null; rows: number }>(`SELECT CAST(${value} AS DOUBLE) AS value, count(*) AS rows FROM ${relation} WHERE epoch_ms(${time}) >= ${fromMs} AND epoch_ms(${time}) < ${toMs}`);
    return { value: Number(row?.rows ?? 0) === 0 && aggregate !== 'count' ? null : (row?.value ?? null), rows: Number(row?.rows ?? 0) };
  }

  private async answersSql(url: string, modelVersion: number, window: ClockWindow, features: readonly string[]): Promise<string> {
    const relation = await this.tables.relation(url, [eventTimes(window)]);
    const columns = features.map((name) => `any_value(${sqlIdentifier(featureColumnOf(name))}) AS ${sqlIdentifier(`f_${name}`)}`);
    return `SELECT prediction_id, key, epoch_ms(event_time) AS at_ms, any_value(score) AS score${columns.map((sql) => `, ${sql}`).join('')}
      FROM ${relation} WHERE model_version = ${modelVersion} AND ${within(window)} GROUP BY prediction_id, key, event_time`;
  }

  /** Feedback of a window's predictions; what was known a while before it is read as well, since it would be a mistake to count it. */
  private async feedback({ definition, labels }: PipelineRow, answers: string, { fromMs, toMs }: ClockWindow): Promise<FeedbackRow[]> {
    if (!labels) return [];
    const { label } = definition;
    const dataSet = dataSetOf(definition, label.dataSet);
    const relation = await this.tables.relation(labels.url, [{ column: dataSet.knownAtColumn, from: new Date(fromMs - (toMs - fromMs)) }]);
    const [key, known, at, value] = [dataSet.keyColumn, dataSet.knownAtColumn, dataSet.eventTimeColumn, label.column].map(sqlIdentifier);
    const told = `SELECT CAST(${key} AS VARCHAR) AS told_key, epoch_ms(${at}) AS told_at, epoch_ms(${known}) AS known_ms, ${labelValueSql(label, dataSet, value ?? '')} AS value FROM ${relation}`;
    const columns = 'answers.prediction_id, told.told_key AS key, told.told_at AS at_ms, told.known_ms, told.value';
    return this.tables.query<FeedbackRow>(
      `WITH answers AS (${answers}), told AS MATERIALIZED (${told})
       SELECT ${columns} FROM answers JOIN told ON told.told_key = answers.key UNION ALL SELECT ${columns} FROM answers JOIN told ON told.told_key = answers.prediction_id WHERE answers.prediction_id <> answers.key`,
    );
  }
}

function toReported({ key, at_ms, known_ms, value }: FeedbackRow): ReportedLabel {
  return { key, eventTimeMs: Number(at_ms), knownAtMs: Number(known_ms), value };
}

function within({ fromMs, toMs }: ClockWindow): string {
  return `epoch_ms(event_time) >= ${fromMs} AND epoch_ms(event_time) < ${toMs}`;
}

function eventTimes({ fromMs, toMs }: ClockWindow): { column: string; from: Date; to: Date } {
  return { column: 'event_time', from: new Date(fromMs), to: new Date(toMs) };
}
