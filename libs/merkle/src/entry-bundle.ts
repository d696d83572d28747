import { malformed } from './malformed.js';

/** Largest entry that a bundle can hold (a 16-bit length stands before each). */
export const MAX_ENTRY_BYTES = 65_535;

/** Entries as tlog-tiles serves them: each with its length in two big-endian bytes before it. Throws `invalid-proof` for one over 65,535 bytes. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) throw malformed(`An entry of ${entry.length} bytes is over the limit of ${MAX_ENTRY_BYTES}`);
      const length = Buffer.allocUnsafe(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** Takes a bundle apart. Throws `invalid-proof` when it ends inside an entry. */
export function parseEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let position = 0; position < bytes.length; ) {
    const end = position + 2 > bytes.length ? Infinity : position + 2 + bytes.readUInt16BE(position);
    if (end > bytes.length) throw malformed('The bundle ends inside an entry');
    entries.push(bytes.subarray(position + 2, end));
    position = end;
  }
  return entries;
}
