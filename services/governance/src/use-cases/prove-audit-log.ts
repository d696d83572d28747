import { MillraceError } from '@millrace/contracts';
import type { OperationOutput } from '@millrace/contracts';
import { HASH_BYTES, TILE_WIDTH, formatEntryBundle, formatTlogProof, nodesFromTiles, proveConsistency, proveInclusion } from '@millrace/merkle';
import type { ReadTx } from '@millrace/runtime';
import { Between } from 'typeorm';
import { AuditEntryRow } from '../store/audit-entry.row.js';
import { CheckpointRow } from '../store/checkpoint.row.js';
import { AUDIT_LOG, LogHeadRow } from '../store/log-head.row.js';
import { tilesIn } from '../store/read-tiles.js';

/** The checkpoint of a size, or the latest. Throws `checkpoint-not-found`. */
export async function readCheckpoint(tx: ReadTx, size?: number): Promise<CheckpointRow> {
  const [row] = await tx.findMany(CheckpointRow, { ...(size !== undefined && { where: { size } }), order: { size: 'DESC' }, take: 1 });
  if (!row) throw new MillraceError('checkpoint-not-found', size === undefined ? 'The log has no checkpoint yet' : `No checkpoint was signed at size ${size}`);
  return row;
}

/** A proof file for an entry against a checkpoint. Throws `audit-entry-not-found` when the checkpoint is older than the entry. */
export async function proveEntry(tx: ReadTx, index: number, size?: number): Promise<string> {
  const checkpoint = await readCheckpoint(tx, size);
  if (index >= checkpoint.size) throw new MillraceError('audit-entry-not-found', `The checkpoint of size ${checkpoint.size} does not cover entry ${index}`);
  const hashes = await proveInclusion(index, checkpoint.size, nodesFromTiles(checkpoint.size, tilesIn(tx)));
  return formatTlogProof({ index, hashes, checkpoint: checkpoint.note });
}

/** The hashes that lead from one size of the log to another. Throws `invalid-request` for sizes that the log has not had. */
export async function proveGrowth(tx: ReadTx, from: number, to: number): Promise<OperationOutput<'getAuditConsistency'>> {
  const { size } = await tx.get(LogHeadRow, { id: AUDIT_LOG });
  if (from > to || to > size) throw new MillraceError('invalid-request', `The log has ${size} entries; from must not be greater than to, to not greater than that`);
  const proof = await proveConsistency(from, to, nodesFromTiles(to, tilesIn(tx)));
  return { from, to, proof: proof.map((hash) => Buffer.from(hash).toString('base64')) };
}

/** A tile's first `width` hashes. Throws `audit-entry-not-found` when the log does not reach so far. */
export async function readTile(tx: ReadTx, tile: { level: number; index: number; width: number }): Promise<Uint8Array> {
  const [hashes] = await tilesIn(tx)([tile]);
  if (!hashes || hashes.length < tile.width * HASH_BYTES) throw new MillraceError('audit-entry-not-found', `The log has no tile ${tile.level}/${tile.index} of width ${tile.width}`);
  return hashes;
}

/** The first `width` entries of a bundle of 256. Throws `audit-entry-not-found` when the log does not reach so far. */
export async function readEntryBundle(tx: ReadTx, bundle: number, width: number): Promise<Uint8Array> {
  const first = bundle * TILE_WIDTH;
  const rows = await tx.findMany(AuditEntryRow, { where: { index: Between(first, first + width - 1) }, order: { index: 'ASC' }, select: { index: true, leaf: true } });
  if (rows.length < width) throw new MillraceError('audit-entry-not-found', `The log does not reach to entry ${first + width - 1}`);
  return formatEntryBundle(rows.map(({ leaf }) => Buffer.from(leaf)));
}
