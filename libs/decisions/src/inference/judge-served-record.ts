import type { ServingSpec } from '@millrace/contracts';
import { instantMsOf } from '../features/instant.js';
import { LARGEST_NUMBER } from '../ingestion/judge-record.js';

/** What is wrong with a record that asks for a prediction; `row` counts from 0. */
export interface ServedRecordFlaw {
  row: number;
  column: string;
  problem: string;
}

type Column = ServingSpec['columns'][number];

const TAKES: Record<Column['type'], string> = {
  string: 'a text',
  double: `a number from -${LARGEST_NUMBER} to ${LARGEST_NUMBER}`,
  long: 'a whole number',
  boolean: 'true or false',
  timestamp: 'an ISO 8601 time with its zone',
};

/** Everything that is wrong with one record: columns that the data set does not have, that are missing, or that have the wrong type. */
export function judgeServedRecord(columns: readonly Column[], record: Readonly<Record<string, unknown>>, row: number): ServedRecordFlaw[] {
  const flaws: ServedRecordFlaw[] = [];
  for (const column of columns) {
    const value = record[column.name];
    if (value === undefined || value === null) {
      if (!column.optional) flaws.push({ row, column: column.name, problem: value === null ? 'must not be null' : 'is missing' });
    } else if (!isOfType(column.type, value)) {
      flaws.push({ row, column: column.name, problem: `takes ${TAKES[column.type]}, not ${nameOf(value)}` });
    }
  }
  for (const name in record) {
    if (!columns.some((column) => column.name === name)) flaws.push({ row, column: name, problem: 'is not a column of the predicted data set' });
  }
  return flaws;
}

/** Lists and objects are not written out: they may be nested deeper than the stack. */
function nameOf(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
}

function isOfType(type: Column['type'], value: unknown): boolean {
  if (type === 'double') return typeof value === 'number' && Math.abs(value) <= LARGEST_NUMBER;
  if (type === 'long') return Number.isSafeInteger(value);
  if (type === 'timestamp') return typeof value === 'string' && instantMsOf(value) !== undefined;
  return typeof value === type;
}
