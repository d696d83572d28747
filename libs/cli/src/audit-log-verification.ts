import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import { TILE_WIDTH, appendLeaves, emptyRange, leafHash, parseEntryBundle, rootOf, sameHash, verifyCheckpoint } from '@millrace/merkle';
import type { Checkpoint, CompactRange, LogPolicy } from '@millrace/merkle';
import type { ApiClient } from './api-client.js';

export interface AuditReport {
  size: number;
  /** Hex. */
  root: string;
  /** Size of the older checkpoint, when one was given. */
  since: number | undefined;
  eventsCompared: number;
}

/** Events whose data are fetched and compared with their logged digest: the latest ones, one request each. */
const mostEventsCompared = 50;

/**
 * Fetches every entry, recomputes the tree and compares it with the signed checkpoint, and on its way with the older
 * checkpoint: then no entry was changed, left out, moved or removed since. Nothing that the log says of itself is believed
 * but the signature.
 * @throws MillraceError `invalid-proof` naming what does not hold
 */
export async function verifyAuditLog(api: ApiClient, policy: LogPolicy, olderNote: string | undefined): Promise<AuditReport> {
  const older = olderNote === undefined ? undefined : believed(olderNote, policy, 'The older checkpoint');
  const { size, root } = believed(await api.text('getAuditCheckpoint', { fresh: true }), policy, 'The checkpoint');
  if (older !== undefined && older.size > size) throw broken(`the log has ${size} entries and had ${older.size} when the older checkpoint was signed: entries were removed`);
  let range = emptyRange();
  for (let bundle = 0; range.size < size; bundle += 1) {
    const leaves = await leavesOf(api, bundle, Math.min(TILE_WIDTH, size - range.size));
    if (older !== undefined && older.size >= range.size && older.size <= range.size + leaves.length) compareOlder(range, leaves, older);
    range = appendLeaves(range, leaves).next;
  }
  if (!sameHash(rootOf(range), root)) throw broken(`the ${size} entries do not hash to the signed root: an entry was changed`);
  return { size, root: Buffer.from(root).toString('hex'), since: older?.size, eventsCompared: await compareEvents(api, size) };
}

function believed(note: string, policy: LogPolicy, what: string): Checkpoint {
  const verdict = verifyCheckpoint(note, policy);
  if (!verdict.valid) throw broken(`${what} cannot be believed: ${verdict.because}`);
  return verdict.checkpoint;
}

async function leavesOf(api: ApiClient, bundle: number, width: number): Promise<Uint8Array[]> {
  const entries = parseEntryBundle(await api.bytes('getAuditEntryBundle', { bundle, width }));
  if (entries.length !== width) throw broken(`bundle ${bundle} has ${entries.length} entries and should have ${width}`);
  return entries.map((entry) => leafHash(entry));
}

function compareOlder(range: CompactRange, leaves: readonly Uint8Array[], older: Checkpoint): void {
  const atThatSize = appendLeaves(range, leaves.slice(0, older.size - range.size)).next;
  if (!sameHash(rootOf(atThatSize), older.root)) throw broken(`the first ${older.size} entries are not those of the older checkpoint: the past was changed`);
}

async function compareEvents(api: ApiClient, size: number): Promise<number> {
  const first = Math.max(0, size - mostEventsCompared);
  for (let index = first; index < size; index += 1) {
    const { entry, data } = await api.call('getAuditEntry', { index });
    if (createHash('sha256').update(data).digest('hex') !== entry.dataSha256) throw broken(`the data of the event at ${index} are not those that were logged`);
  }
  return size - first;
}

function broken(because: string): MillraceError {
  return new MillraceError('invalid-proof', `The audit log does not verify: ${because}.`);
}
