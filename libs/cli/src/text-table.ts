/** Rows under a header, columns aligned by spaces; `(none)` without rows. */
export function textTable(header: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  if (rows.length === 0) return '(none)';
  const cells = [header, ...rows.map((row) => row.map((value) => (value === null || value === undefined ? '-' : String(value))))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}
