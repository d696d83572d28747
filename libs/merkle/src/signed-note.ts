import { sign, verify } from 'node:crypto';
import { fromBase64, toBase64 } from './base64.js';
import { malformed } from './malformed.js';
import { isKeyName, keyObjectOf } from './note-key.js';
import type { NoteKey, NoteSigner } from './note-key.js';
import { refused } from './verdict.js';
import type { Verdict } from './verdict.js';

/** One line below a note. `signature` is without the four bytes of the key's id. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Text with the signatures below it (c2sp.org/signed-note). `text` ends with a newline. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A known key whose signature holds; `timeSeconds` (Unix time) is what a witness stated, absent for the log's own signature. */
export interface VerifiedSignature {
  readonly key: NoteKey;
  readonly timeSeconds?: number;
}

/** More signatures than any log carries, few enough that checking them cannot be made to last. The format asks for at least 16. */
const MAX_SIGNATURES = 64;
const MAX_NOTE_CHARACTERS = 1_000_000;
const KEY_ID_BYTES = 4;
const TIMESTAMP_BYTES = 8;

/** Reads a signed note. Throws `invalid-proof` for control characters, a missing blank line, or a line that is not a signature. */
export function parseNote(note: string): SignedNote {
  if (note.length > MAX_NOTE_CHARACTERS) throw malformed(`A note of ${note.length} characters is too long`);
  if (/[\p{Surrogate}\u0000-\u0009\u000b-\u001f]/u.test(note)) throw malformed('A note holds no control characters other than newlines');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw malformed('A note is text, a blank line, and signatures, each ended by a newline');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`A note of ${lines.length} signatures has more than ${MAX_SIGNATURES}`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...rest] = line.split(' ');
  if (dash !== '—' || !name || !isKeyName(name) || !encoded || rest.length > 0) throw malformed(`Not a signature line: ${line.slice(0, 80)}`);
  const bytes = Buffer.from(fromBase64(encoded));
  if (bytes.length <= KEY_ID_BYTES) throw malformed(`The signature of ${name} is too short`);
  return { name, keyId: bytes.toString('hex', 0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** Writes a signed note. Throws `invalid-proof` when the text does not end with a newline or there is no signature. */
export function formatNote(note: SignedNote): string {
  if (!note.text.endsWith('\n')) throw malformed('The text of a note ends with a newline');
  if (note.signatures.length === 0) throw malformed('A note has at least one signature');
  const lines = note.signatures.map(({ name, keyId, signature }) => `— ${name} ${toBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`);
  return `${note.text}\n${lines.join('')}`;
}

/** The log's own signature over a note's text. */
export function signNote(text: string, signer: NoteSigner): NoteSignature {
  if (signer.key.algorithm !== 'ed25519') throw malformed(`The key ${signer.key.name} makes cosignatures only`);
  return { name: signer.key.name, keyId: signer.key.keyId, signature: sign(null, Buffer.from(text), signer.privateKey) };
}

/** A witness's signature over a checkpoint's text at a time in whole Unix seconds (c2sp.org/tlog-cosignature). */
export function cosignNote(text: string, signer: NoteSigner, timeSeconds: number): NoteSignature {
  if (signer.key.algorithm !== 'cosignature-v1') throw malformed(`The key ${signer.key.name} does not make cosignatures`);
  const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
  timestamp.writeBigUInt64BE(BigInt(timeSeconds));
  const signature = sign(null, cosignedMessage(text, BigInt(timeSeconds)), signer.privateKey);
  return { name: signer.key.name, keyId: signer.key.keyId, signature: Buffer.concat([timestamp, signature]) };
}

/**
 * Which of the known keys signed the note. Signatures of unknown keys are ignored, also when they share only the name or only the id with a known
 * one; one bad signature of a known key refuses the whole note, and so does a note that no known key signed.
 */
export function verifyNote(note: SignedNote, knownKeys: readonly NoteKey[]): Verdict<{ readonly signatures: readonly VerifiedSignature[] }> {
  const verified = new Map<NoteKey, VerifiedSignature>();
  for (const signature of note.signatures) {
    const key = knownKeys.find((known) => known.name === signature.name && known.keyId === signature.keyId);
    if (!key) continue;
    const checked = checkSignature(note.text, signature.signature, key);
    if (!checked) return refused(`the signature of ${key.name} is wrong`);
    verified.set(key, checked);
  }
  return verified.size > 0 ? { valid: true, signatures: [...verified.values()] } : refused('no known key signed this');
}

function checkSignature(text: string, signature: Uint8Array, key: NoteKey): VerifiedSignature | undefined {
  if (key.algorithm === 'ed25519') return verify(null, Buffer.from(text), keyObjectOf(key), signature) ? { key } : undefined;
  if (signature.length <= TIMESTAMP_BYTES) return undefined;
  const time = Buffer.from(signature).readBigUInt64BE(0);
  const holds = time <= BigInt(Number.MAX_SAFE_INTEGER) && verify(null, cosignedMessage(text, time), keyObjectOf(key), signature.subarray(TIMESTAMP_BYTES));
  return holds ? { key, timeSeconds: Number(time) } : undefined;
}

function cosignedMessage(text: string, timeSeconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
}
