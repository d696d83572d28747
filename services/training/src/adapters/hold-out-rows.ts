import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceClient } from '@millrace/runtime';
import type { FeatureRow } from '@millrace/scoring';
import type { DuckDb } from '@millrace/storage';
import { checkDigest, digestOf, sqlLiteral } from '@millrace/storage';

/** Sealed rows, opened in this process only and for one evaluation. */
export interface HoldOutRows {
  keys: string[];
  eventTimes: Date[];
  /** Day of the event time, ISO date, UTC. */
  days: string[];
  labels: number[];
  features: FeatureRow[];
}

interface SealedRow {
  _key: string;
  _event_time: Date;
  _label: number;
}

/** Opens a hold-out at the feature store, checks that it is the one that was announced, and reads it in order of time. */
export async function openHoldOut(services: ServiceClient, duckDb: DuckDb, { holdOut, sha256 }: { holdOut: string; sha256: string }): Promise<HoldOutRows> {
  const answer = await services.raw('feature-store', `/hold-outs/${holdOut}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  checkDigest(holdOut, digestOf(bytes), { sha256 });
  const directory = await mkdtemp(join(tmpdir(), 'millrace-hold-out-'));
  try {
    const path = join(directory, 'rows.parquet');
    await writeFile(path, bytes, { mode: 0o600 });
    const rows = await duckDb.query<SealedRow>(
      `SELECT * REPLACE (CAST(_key AS VARCHAR) AS _key, CAST(_label AS DOUBLE) AS _label) FROM read_parquet(${sqlLiteral(path)}) ORDER BY _event_time, _key`,
    );
    return columnsOf(rows);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function columnsOf(rows: SealedRow[]): HoldOutRows {
  const features = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))) as FeatureRow);
  return {
    keys: rows.map(({ _key }) => _key),
    eventTimes: rows.map(({ _event_time }) => _event_time),
    days: rows.map(({ _event_time }) => _event_time.toISOString().slice(0, 10)),
    labels: rows.map(({ _label }) => _label),
    features,
  };
}
