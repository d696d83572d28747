import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import { didYouMean } from './did-you-mean.js';
import { listed } from './file-reader.js';
import type { FileReader, Place } from './file-reader.js';

/** Reads the name of a column that must exist and have one of the types. */
export function readColumnName(reader: FileReader, place: Place, columns: readonly ColumnDefinition[], types: readonly ColumnDefinition['type'][]): string | undefined {
  const name = reader.text(place);
  if (name === undefined) return undefined;
  const names = columns.map((column) => column.name);
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) return reader.report(place, 'unknown-column', `There is no column "${name}"${didYouMean(name, names) || `; there are ${names.join(', ')}`}`);
  if (!types.includes(column.type)) return reader.report(place, 'does-not-fit', `Column "${name}" is ${column.type}; this takes ${listed(types)}`);
  return name;
}

/** Reads the name of a data set declared in this file. */
export function readDataSetName(reader: FileReader, place: Place, dataSets: readonly DataSetDefinition[]): DataSetDefinition | undefined {
  const name = reader.text(place);
  if (name === undefined) return undefined;
  const names = dataSets.map((dataSet) => dataSet.name);
  const found = dataSets.find((dataSet) => dataSet.name === name);
  return found ?? reader.report(place, 'unknown-data-set', `There is no data set "${name}"${didYouMean(name, names) || `; there are ${names.join(', ')}`}`);
}
