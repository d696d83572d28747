import { createPrivateKey, createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { toBase64 } from './base64.js';
import { malformed } from './malformed.js';

/** What a key signs: note text as it stands (the log), or a witness's timestamped statement about a checkpoint (c2sp.org/tlog-cosignature). */
export type NoteAlgorithm = 'ed25519' | 'cosignature-v1';

/** A public key that signs notes. `keyId` are the eight hex digits that stand in the verifier key. */
export interface NoteKey {
  readonly name: string;
  readonly keyId: string;
  readonly algorithm: NoteAlgorithm;
  readonly publicKey: Uint8Array;
}

/** A key with its private half. */
export interface NoteSigner {
  readonly key: NoteKey;
  readonly privateKey: KeyObject;
}

const TYPE_BYTE: Record<NoteAlgorithm, number> = { ed25519: 0x01, 'cosignature-v1': 0x04 };
const KEY_BYTES = 32;
// The fixed DER headers of an Ed25519 private key (PKCS #8) and public key (SPKI), RFC 8410.
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_HEADER = Buffer.from('302a300506032b6570032100', 'hex');

/** Makes a signer from a 32-byte secret seed. The caller brings the randomness; the same seed always makes the same key. */
export function noteSignerOf(name: string, seed: Uint8Array, algorithm: NoteAlgorithm = 'ed25519'): NoteSigner {
  if (seed.length !== KEY_BYTES) throw malformed(`A seed has ${KEY_BYTES} bytes, not ${seed.length}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI_HEADER.length);
  return { key: noteKeyOf(name, publicKey, algorithm), privateKey };
}

/** A key from its parts. Throws `invalid-proof` for a name with spaces or a plus sign (they separate the parts of a note). */
export function noteKeyOf(name: string, publicKey: Uint8Array, algorithm: NoteAlgorithm = 'ed25519'): NoteKey {
  if (!isKeyName(name)) throw malformed(`Not the name of a key: ${name}`);
  if (publicKey.length !== KEY_BYTES) throw malformed(`An Ed25519 public key has ${KEY_BYTES} bytes, not ${publicKey.length}`);
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(TYPE_BYTE[algorithm]), publicKey]);
  return { name, keyId: hash('sha256', named, 'hex').slice(0, 8), algorithm, publicKey };
}

/** True for a name that may stand in a note: not empty, no white space, no plus sign. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && !/[\s\p{White_Space}+\p{Cc}\p{Surrogate}]/u.test(name);
}

/** The key as one line that an auditor keeps: `name+keyid+base64(type || public key)`. */
export function formatVerifierKey(key: NoteKey): string {
  return `${key.name}+${key.keyId}+${toBase64(Buffer.concat([Buffer.of(TYPE_BYTE[key.algorithm]), key.publicKey]))}`;
}

/** Reads a verifier key. Throws `invalid-proof` when a part is missing, the type is unknown, or the id does not belong to the key. */
export function parseVerifierKey(line: string): NoteKey {
  const [name, keyId, encoded] = partsOf(line);
  const { algorithm, bytes } = typedKey(encoded);
  const key = noteKeyOf(name, bytes, algorithm);
  if (key.keyId !== keyId) throw malformed(`The id ${keyId} does not belong to the key of ${name}`);
  return key;
}

/** The secret line from which `parseSignerKey` makes the signer again: `PRIVATE+KEY+name+keyid+base64(type || seed)`. */
export function formatSignerKey(name: string, seed: Uint8Array, algorithm: NoteAlgorithm = 'ed25519'): string {
  const { key } = noteSignerOf(name, seed, algorithm);
  return `PRIVATE+KEY+${name}+${key.keyId}+${toBase64(Buffer.concat([Buffer.of(TYPE_BYTE[algorithm]), seed]))}`;
}

/** Reads a secret line. Throws `invalid-proof` as `parseVerifierKey` does, never with the secret in the message. */
export function parseSignerKey(line: string): NoteSigner {
  if (!line.startsWith('PRIVATE+KEY+')) throw malformed('A signer key begins with PRIVATE+KEY+');
  const [name, keyId, encoded] = partsOf(line.slice('PRIVATE+KEY+'.length));
  const { algorithm, bytes } = typedKey(encoded);
  const signer = noteSignerOf(name, bytes, algorithm);
  if (signer.key.keyId !== keyId) throw malformed(`The id ${keyId} does not belong to the signer key of ${name}`);
  return signer;
}

/** The public key as Node's crypto takes it. */
export function keyObjectOf(key: NoteKey): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEADER, key.publicKey]), format: 'der', type: 'spki' });
}

function partsOf(line: string): [name: string, keyId: string, encoded: string] {
  // Base64 may hold plus signs, names may not: only the first two separate.
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line);
  if (!match) throw malformed('A key is written name+keyid+base64');
  return [match[1] as string, match[2] as string, match[3] as string];
}

function typedKey(encoded: string): { algorithm: NoteAlgorithm; bytes: Uint8Array } {
  const typed = Buffer.from(encoded, 'base64');
  if (typed.toString('base64') !== encoded) throw malformed('The key is not canonical base64');
  const algorithm = (Object.keys(TYPE_BYTE) as NoteAlgorithm[]).find((known) => TYPE_BYTE[known] === typed[0]);
  if (!algorithm) throw malformed(`Keys of type ${typed[0]} are not supported`);
  return { algorithm, bytes: typed.subarray(1) };
}
