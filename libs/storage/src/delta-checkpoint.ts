import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeltaAction } from './delta-actions.js';
import { serializeCommit } from './delta-actions.js';
import { applyActions, EMPTY_STATE } from './delta-state.js';
import type { DeltaState } from './delta-state.js';
import type { DuckDb } from './duckdb.js';
import type { ObjectStore } from './object-store.js';
import { sqlLiteral } from './sql-quoting.js';

/** Columns of a classic checkpoint (PROTOCOL.md, "Checkpoint Schema"), in DuckDB's notation. */
const CHECKPOINT_COLUMNS = {
  txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',
  add: 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, tags MAP(VARCHAR, VARCHAR))',
  remove: 'STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT)',
  metaData:
    'STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime BIGINT)',
  protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER)',
};

/** Files removed longer ago than this (7 days, Delta's default) are forgotten by the next checkpoint. */
const TOMBSTONE_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export function checkpointKeyOf(tableKey: string, version: number): string {
  return `${tableKey}/_delta_log/${String(version).padStart(20, '0')}.checkpoint.parquet`;
}

export function lastCheckpointKeyOf(tableKey: string): string {
  return `${tableKey}/_delta_log/_last_checkpoint`;
}

/** Writes `<version>.checkpoint.parquet`, then `_last_checkpoint`. Both may be written by several processes: the content of a version is always the same state. */
export async function writeCheckpoint(store: ObjectStore, tableKey: string, duckDb: DuckDb, state: DeltaState, nowMs: number): Promise<void> {
  const actions = checkpointActionsOf(state, nowMs);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-checkpoint-'));
  try {
    const json = join(folder, 'actions.json');
    const parquet = join(folder, 'checkpoint.parquet');
    await writeFile(json, serializeCommit(actions));
    const columns = Object.entries(CHECKPOINT_COLUMNS).map(([name, type]) => `"${name}": ${sqlLiteral(type)}`);
    const written = await duckDb.copyToParquet(`SELECT * FROM read_json(${sqlLiteral(json)}, format = 'newline_delimited', columns = {${columns.join(', ')}})`, parquet);
    await store.put(checkpointKeyOf(tableKey, state.version), createReadStream(parquet));
    const last = { version: state.version, size: written.rowCount, sizeInBytes: written.sizeBytes, numOfAddFiles: state.files.size };
    await store.put(lastCheckpointKeyOf(tableKey), Buffer.from(JSON.stringify(last)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The state that a checkpoint holds. */
export async function readCheckpoint(store: ObjectStore, tableKey: string, duckDb: DuckDb, version: number): Promise<DeltaState> {
  const path = await store.localPath(store.urlOf(checkpointKeyOf(tableKey, version)));
  const actions = await duckDb.query<DeltaAction>(`SELECT * FROM read_parquet(${sqlLiteral(path)})`);
  return applyActions(EMPTY_STATE, version, actions);
}

function checkpointActionsOf(state: DeltaState, nowMs: number): DeltaAction[] {
  const tombstones = [...state.tombstones.values()].filter((remove) => nowMs - remove.deletionTimestamp < TOMBSTONE_KEPT_MS);
  return [
    { protocol: state.protocol ?? null },
    { metaData: state.metaData ?? null },
    ...[...state.transactions.values()].map((txn) => ({ txn })),
    ...[...state.files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
    ...tombstones.map((remove) => ({ remove: { ...remove, dataChange: false } })),
  ];
}
