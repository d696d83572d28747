import { fromBase64, toBase64 } from './base64.js';
import { parseDecimal } from './decimal.js';
import { malformed } from './malformed.js';
import type { NoteKey, NoteSigner } from './note-key.js';
import { HASH_BYTES } from './rfc6962-hash.js';
import { formatNote, parseNote, signNote, verifyNote } from './signed-note.js';
import { refused } from './verdict.js';
import type { Verdict } from './verdict.js';

/** A log's signed statement: at this size the tree has this root (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines, opaque and not vouched for by witnesses; we write none. */
  readonly extensions?: readonly string[];
}

/** Whom an auditor believes: the log's keys (several while one replaces another), and how many of the named witnesses must have cosigned. */
export interface LogPolicy {
  readonly origin: string;
  readonly logKeys: readonly NoteKey[];
  readonly witnessKeys?: readonly NoteKey[];
  readonly witnessesNeeded?: number;
}

/** The text of a checkpoint, which is what is signed. */
export function formatCheckpointText({ origin, size, root, extensions = [] }: Checkpoint): string {
  const lines = [origin, String(size), toBase64(root), ...extensions];
  if (lines.some((line) => line === '' || line.includes('\n'))) throw malformed('The lines of a checkpoint are single and not empty');
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== HASH_BYTES) throw malformed('A checkpoint has a size and a root of 32 bytes');
  return `${lines.join('\n')}\n`;
}

/** Reads the text of a checkpoint (without signatures). Throws `invalid-proof` for anything that `formatCheckpointText` would not write. */
export function parseCheckpointText(text: string): Checkpoint {
  const [origin, size, root, ...extensions] = text.endsWith('\n') ? text.slice(0, -1).split('\n') : [];
  if (!origin || size === undefined || !root || extensions.includes('')) throw malformed('A checkpoint has an origin, a size and a root, each on a line');
  const hash = fromBase64(root);
  if (hash.length !== HASH_BYTES) throw malformed(`The root of a checkpoint has ${HASH_BYTES} bytes, not ${hash.length}`);
  return { origin, size: parseDecimal(size, 'The size of a checkpoint'), root: hash, ...(extensions.length > 0 && { extensions }) };
}

/** A signed checkpoint, ready to be published. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
  const text = formatCheckpointText(checkpoint);
  return formatNote({ text, signatures: signers.map((signer) => signNote(text, signer)) });
}

/** The checkpoint in a note without asking who signed it; throws `invalid-proof` when it is not one. To believe it, use `verifyCheckpoint`. */
export function parseCheckpoint(note: string): Checkpoint {
  return parseCheckpointText(parseNote(note).text);
}

/** What stands in a verified checkpoint, and which witnesses vouched for it. */
export interface VerifiedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly witnesses: readonly string[];
}

/** Checks origin, the log's signature and the witnesses' cosignatures. Text that is no checkpoint throws `invalid-proof`. */
export function verifyCheckpoint(note: string, policy: LogPolicy): Verdict<VerifiedCheckpoint> {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpointText(parsed.text);
  if (checkpoint.origin !== policy.origin) return refused(`the checkpoint is of the log ${checkpoint.origin}, not of ${policy.origin}`);
  const witnessKeys = policy.witnessKeys ?? [];
  const signed = verifyNote(parsed, [...policy.logKeys, ...witnessKeys]);
  if (!signed.valid) return signed;
  const signers = signed.signatures.map(({ key }) => key);
  if (!signers.some((key) => policy.logKeys.includes(key))) return refused(`no known key of the log ${policy.origin} signed this`);
  const witnesses = [...new Set(signers.filter((key) => witnessKeys.includes(key)).map((key) => key.name))];
  const needed = policy.witnessesNeeded ?? 0;
  if (witnesses.length < needed) return refused(`${witnesses.length} of the known witnesses cosigned, ${needed} are needed`);
  return { valid: true, checkpoint, witnesses };
}
