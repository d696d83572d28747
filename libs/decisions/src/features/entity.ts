/** Longest name of a group in Unicode characters: an index entry of Postgres holds no more than 2,700 bytes in all. A longer value belongs to no group. */
export const LONGEST_ENTITY_CHARACTERS = 200;

/** A group's name: the text of a string, long or boolean value as SQL's `CAST(… AS VARCHAR)` writes it; undefined for null, other types and texts that are too long. */
export function entityOf(value: unknown): string | undefined {
  if (typeof value === 'string') return [...value].length <= LONGEST_ENTITY_CHARACTERS ? value : undefined;
  if (typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
  return undefined;
}
