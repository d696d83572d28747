import type { DataSetDefinition, LabelDefinition } from '@millrace/contracts';
import type { FileReader, Place } from './file-reader.js';
import { readColumnName, readDataSetName } from './read-reference.js';

/** Reads `label`: the outcome's data set and column, and when it counts as final. With `above` the task is a classification. */
export function readLabel(reader: FileReader, place: Place, dataSets: readonly DataSetDefinition[], spine: DataSetDefinition | undefined): LabelDefinition {
  const at = reader.fields(place, ['dataSet', 'column', 'above', 'maturesAfter'], ['dataSet', 'column', 'maturesAfter']);
  const source = readDataSetName(reader, at.dataSet, dataSets);
  const column = source && readColumnName(reader, at.column, source.columns, ['double', 'long', 'boolean']);
  const type = source?.columns.find((candidate) => candidate.name === column)?.type;
  const above = reader.number(at.above) ?? null;
  if (above !== null && type === 'boolean') reader.report(at.above, 'does-not-fit', `Column "${column}" is true or false already; leave "above" out`);
  if (source && spine && source !== spine) refuseForeignKey(reader, at.dataSet, source, spine);
  if (source && spine && source === spine && source.knownAtColumn === source.eventTimeColumn) {
    reader.report(at.dataSet, 'does-not-fit', `The label is part of what is predicted from and known at the same time; declare knownAt, or a data set of its own for the outcomes`);
  }
  return {
    dataSet: source?.id ?? '',
    column: column ?? '',
    above,
    task: at.above.node || type === 'boolean' ? 'binary-classification' : 'regression',
    maturesAfterMs: reader.duration(at.maturesAfter, 0) ?? 0,
  };
}

function refuseForeignKey(reader: FileReader, place: Place, source: DataSetDefinition, spine: DataSetDefinition): void {
  const keyType = (dataSet: DataSetDefinition): string | undefined => dataSet.columns.find((column) => column.name === dataSet.keyColumn)?.type;
  const [ofLabel, ofSpine] = [keyType(source), keyType(spine)];
  if (ofLabel && ofSpine && ofLabel !== ofSpine) {
    reader.report(place, 'does-not-fit', `Labels are joined by key, but the key of ${source.name} is ${ofLabel} and the key of ${spine.name} is ${ofSpine}`);
  }
}
