import { appendLeaves, tileAppendsOf } from '@millrace/merkle';
import type { TileAppend } from '@millrace/merkle';
import type { DataRecord, Tx } from '@millrace/runtime';
import { AUDIT_LOG, LogHeadRow, toHead, toRange } from '../store/log-head.row.js';
import { auditEntryOf } from './audit-entry-of.js';
import type { LoggedRecord } from './audit-entry-of.js';
import { followCascades } from './follow-cascades.js';

/** Appends the records of a batch to the log in their order, and notes what they mean for cascades. */
export async function appendAuditEntries(tx: Tx, records: readonly DataRecord[], stepTimeMs: number): Promise<void> {
  const logged = records.map(auditEntryOf);
  const head = await tx.lock(LogHeadRow, { id: AUDIT_LOG });
  const { next, nodes } = appendLeaves(toRange(head), logged.map(({ leafHash }) => leafHash));
  await insertEntries(tx, head.size, logged);
  await appendToTiles(tx, tileAppendsOf(nodes));
  await tx.save(LogHeadRow, toHead(next));
  await followCascades(tx, logged, stepTimeMs);
}

async function insertEntries(tx: Tx, firstIndex: number, logged: readonly LoggedRecord[]): Promise<void> {
  const column = <T>(of: (record: LoggedRecord, at: number) => T) => logged.map(of);
  await tx.query(
    `insert into audit_entries ("index", leaf, data, logged_at, event_id, type, project, actor, correlation, causation, time, topic, "partition", "offset", pipeline, model_version, data_set, run, segment, incident)
     select i, leaf, data, $20, event_id, type, project, actor, correlation, causation, time, topic, partition, "offset", pipeline, model_version, data_set, run, segment, incident
     from unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::int[], $13::bigint[],
                 $14::text[], $15::int[], $16::text[], $17::text[], $18::text[], $19::text[])
       as t (i, leaf, data, event_id, type, project, actor, correlation, causation, time, topic, partition, "offset", pipeline, model_version, data_set, run, segment, incident)`,
    [
      column((_, at) => firstIndex + at),
      column(({ leaf }) => leaf),
      column(({ data }) => data),
      column(({ entry }) => entry.id),
      column(({ entry }) => entry.type),
      column(({ entry }) => entry.project),
      column(({ entry }) => entry.actor),
      column(({ entry }) => entry.correlation),
      column(({ entry }) => entry.causation),
      column(({ entry }) => entry.time),
      column(({ entry }) => entry.topic),
      column(({ entry }) => entry.partition),
      column(({ entry }) => entry.offset),
      column(({ facets }) => facets.pipeline),
      column(({ facets }) => facets.modelVersion),
      column(({ facets }) => facets.dataSet),
      column(({ facets }) => facets.run),
      column(({ facets }) => facets.segment),
      column(({ facets }) => facets.incident),
      tx.now,
    ],
  );
}

async function appendToTiles(tx: Tx, appends: readonly TileAppend[]): Promise<void> {
  await tx.query(
    `insert into audit_tiles (level, tile, hashes)
     select * from unnest($1::int[], $2::bigint[], $3::bytea[])
     on conflict (level, tile) do update set hashes = audit_tiles.hashes || excluded.hashes`,
    [appends.map(({ level }) => level), appends.map(({ index }) => index), appends.map(({ hashes }) => hashes)],
  );
}
