import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import type { Finding } from '../evaluation/finding.js';

/** What is known of a data set before a pipeline version takes effect. */
export interface KnownDataSet {
  dataSet: string;
  pipeline: string;
  /** Every column that its table ever had. */
  columns: readonly ColumnDefinition[];
}

/** Whether the data sets of a pipeline can take effect: each belongs to one pipeline, and a column keeps its type for ever, as older versions stay readable. */
export function checkDataSets(pipeline: string, declared: readonly DataSetDefinition[], known: readonly KnownDataSet[]): Finding[] {
  return declared.flatMap((dataSet) => {
    const before = known.find((candidate) => candidate.dataSet === dataSet.id);
    if (!before) return [{ check: 'data-set-owner', passed: true, detail: `${dataSet.id} is new` }];
    const isOwn = before.pipeline === pipeline;
    const owner: Finding = { check: 'data-set-owner', passed: isOwn, detail: isOwn ? `${dataSet.id} belongs to ${pipeline}` : `${dataSet.id} belongs to ${before.pipeline}` };
    return [owner, ...dataSet.columns.flatMap((column) => changedType(dataSet.id, column, before))];
  });
}

/** The table's columns after a declaration: what was there stays, columns that are no longer declared become optional, new ones follow. */
export function mergeColumns(known: readonly ColumnDefinition[], declared: readonly ColumnDefinition[]): ColumnDefinition[] {
  const byName = new Map(declared.map((column) => [column.name, column]));
  const kept = known.map((column) => byName.get(column.name) ?? { ...column, optional: true });
  return [...kept, ...declared.filter((column) => !known.some((before) => before.name === column.name))];
}

function changedType(dataSet: string, column: ColumnDefinition, before: KnownDataSet): Finding[] {
  const known = before.columns.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase());
  if (!known || (known.type === column.type && known.name === column.name)) return [];
  return [{ check: 'column-type', passed: false, measured: column.type, bound: known.type, detail: `Column "${column.name}" of ${dataSet} has the type ${known.type}; give the new meaning a new name` }];
}
