import type { ColumnDefinition } from '@millrace/contracts';
import type { Column } from '@millrace/storage';

/** What every segment holds beside the data set's columns: where the row came from and its two clocks. */
const TECHNICAL_COLUMNS: readonly Column[] = [
  { name: '_partition', type: 'long' },
  { name: '_offset', type: 'long' },
  { name: '_known_at', type: 'timestamp' },
  { name: '_event_time', type: 'timestamp' },
];

/** Columns of a data set's table. All are nullable: a column may become optional in a later version of the pipeline. */
export function segmentColumnsOf(columns: readonly ColumnDefinition[]): Column[] {
  return [...columns.map(({ name, type }) => ({ name, type })), ...TECHNICAL_COLUMNS];
}
