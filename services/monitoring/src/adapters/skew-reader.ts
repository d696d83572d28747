import { Injectable } from '@nestjs/common';
import { agreementOf, featureColumnOf, featureRowsSql } from '@millrace/decisions';
import type { ClockWindow, FeatureCell, ServedAgreement, ServedValue } from '@millrace/decisions';
import { sqlIdentifier } from '@millrace/storage';
import type { PipelineRow } from '../store/pipeline.row.js';
import { PublishedTables } from './published-tables.js';

const MOST_ROWS = 5_000;

/** Holds features as they were served against what the offline join makes for the same keys and times. */
@Injectable()
export class SkewReader {
  constructor(private readonly tables: PublishedTables) {}

  /** By feature, over the first rows of a window by key. @param urls where each data set lies; without one of them nothing is compared */
  async agreements({ predictions, definition }: PipelineRow, urls: ReadonlyMap<string, string>, window: ClockWindow): Promise<ServedAgreement[]> {
    const needed = [definition.predict.dataSet, ...definition.features.flatMap((feature) => (feature.kind === 'aggregate' ? [feature.dataSet] : []))];
    if (!predictions || needed.some((dataSet) => !urls.has(dataSet))) return [];
    const files: Record<string, string[]> = {};
    for (const dataSet of new Set([...needed, definition.label.dataSet])) files[dataSet] = await this.tables.paths(urls.get(dataSet) ?? null);
    const offline = featureRowsSql({ pipeline: definition, files, asOfMs: window.toMs, window, excluded: [] });
    const served = await this.tables.relation(predictions.url, [{ column: 'event_time', from: new Date(window.fromMs), to: new Date(window.toMs) }]);
    const names = definition.features.map(({ name }) => name);
    const columns = names.flatMap((name) => [`served.${sqlIdentifier(featureColumnOf(name))} AS ${sqlIdentifier(`served_${name}`)}`, `offline.${sqlIdentifier(name)} AS ${sqlIdentifier(`offline_${name}`)}`]);
    const rows = await this.tables.query<Record<string, FeatureCell>>(
      `SELECT offline._key IS NOT NULL AS _found, ${columns.join(', ')}
       FROM (SELECT * FROM ${served} WHERE served AND epoch_ms(event_time) >= ${window.fromMs} AND epoch_ms(event_time) < ${window.toMs} ORDER BY hash(key) LIMIT ${MOST_ROWS}) served
       LEFT JOIN (${offline}) offline ON offline._key = served.key AND offline._event_time = served.event_time`,
    );
    return agreementOf(rows.flatMap((row) => names.map((name): ServedValue => ({ feature: name, served: row[`served_${name}`] ?? null, offline: row['_found'] ? (row[`offline_${name}`] ?? null) : undefined }))));
  }
}
