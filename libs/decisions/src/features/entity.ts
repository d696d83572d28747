/** A group's name: the text of a string, long or boolean value as SQL's `CAST(… AS VARCHAR)` writes it; undefined for null and other types. */
export function entityOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
  return undefined;
}
