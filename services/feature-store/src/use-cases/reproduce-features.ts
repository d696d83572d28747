import type { OperationOutput, Pipeline } from '@millrace/contracts';
import { featureColumnOf, featureRowsSql, predictionDataSet } from '@millrace/decisions';
import type { Stretch } from '@millrace/decisions';
import { relationOf, sqlIdentifier, sqlLiteral } from '@millrace/storage';
import type { Tables } from '../adapters/tables.js';
import type { SourceRow } from '../store/source.row.js';

const MOST_EXAMPLES = 20;

interface Difference {
  key: string;
  eventTime: Date;
  feature: string;
  served: number | string | null;
  offline: number | string | null;
}

/** Compares what was served in a stretch of event time with what the offline join gives for the same keys and times, value by value. */
export async function reproduceFeatures(tables: Tables, definition: Pipeline, sources: readonly SourceRow[], window: Stretch): Promise<OperationOutput<'reproduceFeatures'>> {
  const log = predictionDataSet(definition);
  const paths = new Map(await Promise.all(sources.map(async (source) => [source.dataSet, await tables.pathsOf(source)] as const)));
  const files = Object.fromEntries(paths);
  const latestMs = Math.max(window.toMs, ...sources.map((source) => source.watermark?.getTime() ?? 0));
  const offline = featureRowsSql({ pipeline: definition, files, asOfMs: latestMs, window, excluded: [] });
  return tables.duckDb.session(async (session) => {
    await session.run(`CREATE TEMP TABLE offline AS (${offline})`);
    await session.run(`CREATE TEMP TABLE served AS (SELECT * FROM ${relationOf(log.columns, paths.get(log.id) ?? [])}
      WHERE served AND event_time >= ${sqlLiteral(new Date(window.fromMs))} AND event_time < ${sqlLiteral(new Date(window.toMs))})`);
    const pairs = definition.features.map(({ name }) => pairsSql(name)).join(' UNION ALL ');
    const [counts] = await session.query<{ compared: number; equal: number }>(`SELECT count(*) AS compared, count(*) FILTER (is_equal) AS equal FROM (${pairs})`);
    const differences = await session.query<Difference>(`SELECT key, event_time AS "eventTime", feature, served, offline FROM (${pairs}) WHERE NOT is_equal ORDER BY event_time, key, feature LIMIT ${MOST_EXAMPLES}`);
    const { compared, equal } = counts ?? { compared: 0, equal: 0 };
    return { compared, equal, share: compared === 0 ? null : equal / compared, examples: differences.map((difference) => ({ ...difference, eventTime: difference.eventTime.toISOString() })) };
  });
}

/** Values are shown as text, compared as they are. */
function pairsSql(feature: string): string {
  const [served, offline] = [`served.${sqlIdentifier(featureColumnOf(feature))}`, `offline.${sqlIdentifier(feature)}`];
  return `SELECT served.key, served.event_time, ${sqlLiteral(feature)} AS feature, CAST(${served} AS VARCHAR) AS served, CAST(${offline} AS VARCHAR) AS offline, ${served} IS NOT DISTINCT FROM ${offline} AS is_equal
    FROM served JOIN offline ON offline._key = served.key AND offline._event_time = served.event_time`;
}
