/** A name as SQL: `"` around it, doubled inside. */
export function sqlIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A value as SQL. Times become `TIMESTAMPTZ`, lists become `[…]`. */
export function sqlLiteral(value: string | number | bigint | boolean | Date | null | readonly (string | number)[]): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `'${value}'::DOUBLE`;
  if (value instanceof Date) return `TIMESTAMPTZ '${value.toISOString()}'`;
  if (typeof value === 'object') return `[${value.map((item) => sqlLiteral(item)).join(', ')}]`;
  return String(value);
}
