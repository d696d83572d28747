import type { DataSetDefinition, LabelDefinition } from '@millrace/contracts';

/** The label of an outcome's value: 1 or 0 for a classification, else the value; null for an absent one. */
export function labelOf(label: Pick<LabelDefinition, 'above'>, value: number | boolean | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (label.above !== null) return Number(value) > label.above ? 1 : 0;
  return Number(value);
}

/** DuckDB SQL of `labelOf`, a DOUBLE, for an expression that gives the label column's value. */
export function labelValueSql(label: Pick<LabelDefinition, 'above' | 'column'>, labels: DataSetDefinition, value: string): string {
  const type = labels.columns.find((column) => column.name === label.column)?.type;
  if (label.above !== null) return `CASE WHEN ${value} > ${label.above} THEN 1.0::DOUBLE WHEN ${value} IS NOT NULL THEN 0.0::DOUBLE END`;
  return type === 'boolean' ? `CAST(CAST(${value} AS INTEGER) AS DOUBLE)` : `CAST(${value} AS DOUBLE)`;
}
