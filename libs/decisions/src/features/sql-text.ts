import type { ColumnDefinition } from '@millrace/contracts';

/** DuckDB's names of the column types, as segments are written. */
const SQL_TYPES: Record<ColumnDefinition['type'], string> = { string: 'VARCHAR', double: 'DOUBLE', long: 'BIGINT', boolean: 'BOOLEAN', timestamp: 'TIMESTAMPTZ' };

export function sqlTypeOf(type: ColumnDefinition['type']): string {
  return SQL_TYPES[type];
}

/** A name, quoted. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, quoted. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An instant. */
export function sqlInstant(instantMs: number): string {
  return `make_timestamptz(${instantMs * 1000})`;
}

/** Left fold over the `value` of a sorted list of structs: DuckDB's own sum promises no order. */
export function sqlSumInOrder(list: string): string {
  return `list_reduce(list_transform(${list}, lambda part: part['value']), lambda a, b: a + b)`;
}

/** Start of the tile of `everyMs` that holds an instant given in milliseconds. */
export function sqlTileStart(instantMs: string, everyMs: number): string {
  return `CAST(floor(${instantMs} / ${everyMs}.0) AS BIGINT) * ${everyMs}`;
}
