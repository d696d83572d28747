import { malformed } from './malformed.js';

/** Standard base64 (RFC 4648 section 4) with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Decodes base64 that is exactly what `toBase64` writes; anything else throws `invalid-proof` (two texts must not mean one signature). */
export function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw malformed(`Not canonical base64: ${text.slice(0, 80)}`);
  return bytes;
}
