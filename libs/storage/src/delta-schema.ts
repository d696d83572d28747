import { MillraceError } from '@millrace/contracts';
import type { Column, ColumnType } from './column.js';

const COLUMN_TYPES: readonly string[] = ['string', 'double', 'long', 'boolean', 'timestamp'] satisfies ColumnType[];

interface SchemaField {
  name: string;
  type: unknown;
  nullable: boolean;
  metadata: Record<string, unknown>;
}

/** Columns as the `schemaString` of a Delta table. Their type names are Delta's own. */
export function toSchemaString(columns: readonly Column[]): string {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  if (columns.length === 0 || names.size !== columns.length) throw new MillraceError('delta-unsupported', 'A Delta table needs at least one column, and names that differ by more than case');
  const fields: SchemaField[] = columns.map((column) => ({ name: column.name, type: column.type, nullable: column.nullable !== false, metadata: {} }));
  return JSON.stringify({ type: 'struct', fields });
}

/** The columns of a table; `delta-unsupported` for types that Millrace does not write. */
export function fromSchemaString(schemaString: string): Column[] {
  const { fields } = JSON.parse(schemaString) as { fields: SchemaField[] };
  return fields.map((field) => {
    if (typeof field.type !== 'string' || !COLUMN_TYPES.includes(field.type)) throw new MillraceError('delta-unsupported', `Column "${field.name}" has the type ${JSON.stringify(field.type)}`);
    return { name: field.name, type: field.type as ColumnType, nullable: field.nullable };
  });
}
