import { Injectable } from '@nestjs/common';
import type { Pipeline } from '@millrace/contracts';
import { columnWindowOf, monitoringPolicyOf, pinColumn, quantilesOf, referenceOf } from '@millrace/decisions';
import type { ColumnValue, Reference, WindowProfile } from '@millrace/decisions';
import { sqlIdentifier, sqlLiteral } from '@millrace/storage';
import type { ReferenceRow } from '../store/reference.row.js';
import { PublishedTables } from './published-tables.js';

type Row = Record<string, ColumnValue> & { _window: number };

/** Windows that are far from full (the first and the last day of a training set) say nothing of how whole windows differ. */
const SMALLEST_SHARE_OF_USUAL_ROWS = 0.5;
const MOST_WINDOWS = 60;

/** Reads a training set and makes the reference of the model version that was trained on it. */
@Injectable()
export class ReferenceBuilder {
  constructor(private readonly tables: PublishedTables) {}

  async build({ file, inputs }: NonNullable<ReferenceRow['trainingSet']>, { monitoring }: Pick<Pipeline, 'monitoring'>): Promise<Reference> {
    const path = await this.tables.pathOf(file);
    const columns = inputs.map(({ name }) => sqlIdentifier(name));
    const rows = await this.tables.query<Row>(
      `SELECT ${columns.join(', ')}, CAST(floor(epoch_ms(_event_time) / ${monitoring.windowMs}) AS BIGINT) AS _window FROM read_parquet(${sqlLiteral([path])}) ORDER BY _window`,
    );
    const windows = wholeWindows(rows);
    const kept = windows.flatMap(([, members]) => members);
    const pinned = inputs.map(({ name, type }) => pinColumn(name, type === 'string' ? 'category' : 'numeric', kept.map((row) => row[name] ?? null)));
    const profiles = windows.map(([number, members]): WindowProfile => ({
      from: new Date(number * monitoring.windowMs).toISOString(),
      to: new Date((number + 1) * monitoring.windowMs).toISOString(),
      rows: members.length,
      columns: Object.fromEntries(pinned.map((column) => [column.name, columnWindowOf(column, members.map((row) => row[column.name] ?? null))])),
    }));
    return referenceOf(pinned, profiles, monitoringPolicyOf(monitoring));
  }
}

/** The newest windows that hold at least half of the usual number of rows, oldest first. */
function wholeWindows(rows: readonly Row[]): [number, Row[]][] {
  const windows = new Map<number, Row[]>();
  for (const row of rows) {
    const members = windows.get(row._window);
    if (members) members.push(row);
    else windows.set(row._window, [row]);
  }
  const [usual = 0] = quantilesOf([...windows.values()].map(({ length }) => length), [0.5]);
  return [...windows].filter(([, { length }]) => length >= SMALLEST_SHARE_OF_USUAL_ROWS * usual).slice(-MOST_WINDOWS);
}
