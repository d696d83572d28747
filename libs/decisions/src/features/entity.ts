/** Longest name of a group in bytes of UTF-8: an index entry of Postgres holds no more than 2,700 in all. A longer value belongs to no group. */
export const LONGEST_ENTITY_BYTES = 600;

/** A group's name: the text of a string, long or boolean value as SQL's `CAST(… AS VARCHAR)` writes it; undefined for null, other types and texts that are too long. */
export function entityOf(value: unknown): string | undefined {
  if (typeof value === 'string') return Buffer.byteLength(value) <= LONGEST_ENTITY_BYTES ? value : undefined;
  if (typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
  return undefined;
}
