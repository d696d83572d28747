import { fromBase64, toBase64 } from './base64.js';
import { parseCheckpoint, verifyCheckpoint } from './checkpoint.js';
import type { LogPolicy, VerifiedCheckpoint } from './checkpoint.js';
import { parseDecimal } from './decimal.js';
import { verifyInclusion } from './inclusion-proof.js';
import { malformed } from './malformed.js';
import { leafHash } from './rfc6962-hash.js';
import type { Verdict } from './verdict.js';

/** A proof file that can be checked without a network (c2sp.org/tlog-proof@v1); stored as `*.tlog-proof`. */
export interface TlogProof {
  readonly index: number;
  /** The audit path, leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Opaque context; nothing vouches for it. */
  readonly extra?: Uint8Array;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

/** Writes a proof file. Throws `invalid-proof` when the checkpoint is not one. */
export function formatTlogProof(proof: TlogProof): string {
  parseCheckpoint(proof.checkpoint);
  const extra = proof.extra ? [`extra ${toBase64(proof.extra)}`] : [];
  return [FIRST_LINE, ...extra, `index ${proof.index}`, ...proof.hashes.map(toBase64), '', proof.checkpoint].join('\n');
}

/** Reads a proof file. Throws `invalid-proof` with the line that is wrong. */
export function parseTlogProof(text: string): TlogProof {
  const blank = text.indexOf('\n\n');
  if (blank < 0) throw malformed('A proof is followed by a blank line and a checkpoint');
  const [first, ...lines] = text.slice(0, blank).split('\n');
  if (first !== FIRST_LINE) throw malformed(`A proof begins with the line ${FIRST_LINE}`);
  const extra = lines[0]?.startsWith('extra ') ? fromBase64((lines.shift() as string).slice('extra '.length)) : undefined;
  const index = lines.shift();
  if (!index?.startsWith('index ')) throw malformed('The line with the index is missing');
  const checkpoint = text.slice(blank + 2);
  parseCheckpoint(checkpoint);
  return { index: parseDecimal(index.slice('index '.length), 'The index'), hashes: lines.map(fromBase64), checkpoint, ...(extra && { extra }) };
}

/**
 * Checks offline that `entry` is in the log: its leaf hash, the checkpoint's origin and signatures, and the path between the two. A text that
 * is no proof file throws `invalid-proof`.
 */
export function verifyTlogProof(text: string, entry: Uint8Array, policy: LogPolicy): Verdict<VerifiedCheckpoint & { readonly index: number }> {
  const proof = parseTlogProof(text);
  const signed = verifyCheckpoint(proof.checkpoint, policy);
  if (!signed.valid) return signed;
  const { size, root } = signed.checkpoint;
  const included = verifyInclusion({ index: proof.index, size, leafHash: leafHash(entry), proof: proof.hashes, root });
  return included.valid ? { ...signed, index: proof.index } : included;
}
