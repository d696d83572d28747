import { Injectable } from '@nestjs/common';
import type { Artifact, Pipeline } from '@millrace/contracts';
import { lossWindowOf, monitoringPolicyOf, pinColumns, profileOf, quantilesOf, referenceOf } from '@millrace/decisions';
import type { ColumnValue, LossWindow, OutcomeRow, Reference } from '@millrace/decisions';
import { sqlIdentifier, sqlLiteral } from '@millrace/storage';
import type { ReferenceRow } from '../store/reference.row.js';
import { PublishedTables } from './published-tables.js';

type Row = Record<string, ColumnValue> & { _window: number; _time: number };

/** Windows that are far from full (the first and the last day of a training set) say nothing of how whole windows differ. */
const SMALLEST_SHARE_OF_USUAL_ROWS = 0.5;
const MOST_WINDOWS = 60;
/** Of windows shorter than a day so many days are kept: eight weeks, so that each hour of the week comes again. */
const MOST_DAYS = 56;
const DAY_MS = 86_400_000;

interface LossRow extends OutcomeRow {
  _window: number;
}

/** Reads a training set and makes the reference of the model version that was trained on it. */
@Injectable()
export class ReferenceBuilder {
  constructor(private readonly tables: PublishedTables) {}

  async inputs({ file, inputs }: NonNullable<ReferenceRow['trainingSet']>, { monitoring }: Pick<Pipeline, 'monitoring'>): Promise<Reference> {
    const path = await this.tables.pathOf(file);
    const { windowMs } = monitoring;
    const columns = inputs.map(({ name }) => sqlIdentifier(name));
    const rows = await this.tables.query<Row>(
      `SELECT ${columns.join(', ')}, epoch_ms(_event_time) AS _time, CAST(floor(epoch_ms(_event_time) / ${windowMs}) AS BIGINT) AS _window FROM read_parquet(${sqlLiteral([path])}) ORDER BY _window`,
    );
    const windows = wholeWindows(rows, Math.max(MOST_WINDOWS, Math.ceil((MOST_DAYS * DAY_MS) / windowMs)));
    const kept = windows.flatMap(([, members]) => members);
    const pinned = pinColumns(inputs.map(({ name, type }) => ({ name, kind: type === 'string' ? 'category' : 'numeric', values: kept.map((row) => row[name] ?? null) })));
    const profiles = windows.map(([number, members]) => {
      const values = Object.fromEntries(inputs.map(({ name }) => [name, members.map((row) => row[name] ?? null)]));
      return profileOf({ fromMs: number * windowMs, toMs: (number + 1) * windowMs }, pinned, { timesMs: members.map(({ _time }) => _time), columns: values, repeated: 0 });
    });
    return referenceOf(pinned, profiles, monitoringPolicyOf(monitoring));
  }

  /** How the version did on the whole windows of its recent hold-out. */
  async losses(rowLosses: Artifact, { monitoring, evaluation }: Pick<Pipeline, 'monitoring' | 'evaluation'>): Promise<LossWindow[]> {
    const path = await this.tables.pathOf(rowLosses);
    const rows = await this.tables.query<LossRow>(
      `SELECT challenger_prediction AS prediction, label, CAST(floor(epoch_ms(event_time) / ${monitoring.windowMs}) AS BIGINT) AS _window
       FROM read_parquet(${sqlLiteral([path])}) WHERE kind = 'recent' ORDER BY _window`,
    );
    return wholeWindows(rows, MOST_WINDOWS).map(([number, members]) => lossWindowOf(spanOf(number, monitoring.windowMs), evaluation.metric, members));
  }
}

function spanOf(number: number, windowMs: number): { from: string; to: string } {
  return { from: new Date(number * windowMs).toISOString(), to: new Date((number + 1) * windowMs).toISOString() };
}

/** The newest windows that hold at least half of the usual number of rows, oldest first. */
function wholeWindows<R extends { _window: number }>(rows: readonly R[], most: number): [number, R[]][] {
  const windows = new Map<number, R[]>();
  for (const row of rows) {
    const members = windows.get(row._window);
    if (members) members.push(row);
    else windows.set(row._window, [row]);
  }
  const [usual = 0] = quantilesOf([...windows.values()].map(({ length }) => length), [0.5]);
  return [...windows].filter(([, { length }]) => length >= SMALLEST_SHARE_OF_USUAL_ROWS * usual).slice(-most);
}
