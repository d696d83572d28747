import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import type { FileReader, Place } from './file-reader.js';
import { isSlug, reservedNameFlaw } from './names.js';
import { readColumnName } from './read-reference.js';
import { readSegmentChecks } from './read-segment-checks.js';

const COLUMN_TYPES = ['string', 'double', 'long', 'boolean', 'timestamp'] as const;
const COLUMN_FIELDS = ['type', 'optional', 'from', 'to', 'matches', 'oneOf', 'failure'] as const;

/** Shorter, and records could be gone before a restarted platform has read them. */
const LEAST_RETENTION_MS = 3_600_000;

/** Reads `dataSets`. What is wrong is reported; a data set is answered with the parts that could be read. */
export function readDataSets(reader: FileReader, place: Place, project: string): DataSetDefinition[] {
  const entries = reader.entries(place);
  if (place.node && reader.isMap(place) && entries.length === 0) reader.report(place, 'missing-field', 'Declare at least one data set');
  return entries.map((entry) => {
    if (!isSlug(entry.name)) reader.report(entry.place, 'invalid-value', `"${entry.name}" cannot name a data set: use small letters, digits and hyphens, a letter first, at most 63`);
    return readDataSet(reader, entry.place, entry.name, project);
  });
}

function readDataSet(reader: FileReader, place: Place, name: string, project: string): DataSetDefinition {
  const at = reader.fields(place, ['key', 'eventTime', 'knownAt', 'columns', 'segmentChecks', 'partitions', 'retention'], ['key', 'eventTime', 'columns']);
  const columns = readColumns(reader, at.columns);
  const keyColumn = readColumnName(reader, at.key, columns, ['string', 'long']) ?? '';
  const eventTimeColumn = readColumnName(reader, at.eventTime, columns, ['timestamp']) ?? '';
  const knownAtColumn = readColumnName(reader, at.knownAt, columns, ['timestamp']) ?? eventTimeColumn;
  for (const [field, column] of [['key', keyColumn], ['eventTime', eventTimeColumn], ['knownAt', knownAtColumn]] as const) {
    if (columns.some((candidate) => candidate.name === column && candidate.optional)) {
      reader.report(at[field], 'does-not-fit', `Column "${column}" is optional; the column of ${field} must be in every record`);
    }
  }
  const retentionMs = at.retention.node ? reader.duration(at.retention, LEAST_RETENTION_MS) : undefined;
  return {
    id: `${project}/${name}`,
    name,
    keyColumn,
    eventTimeColumn,
    knownAtColumn,
    partitions: reader.number(at.partitions, { integer: true, from: 1, to: 1000 }) ?? null,
    ...(retentionMs === undefined ? {} : { retentionMs }),
    columns,
    segmentChecks: readSegmentChecks(reader, at.segmentChecks, columns),
  };
}

function readColumns(reader: FileReader, place: Place): ColumnDefinition[] {
  const entries = reader.entries(place);
  if (place.node && reader.isMap(place) && entries.length === 0) reader.report(place, 'missing-field', 'Declare at least one column');
  return entries.map((entry) => {
    const flaw = reservedNameFlaw(entry.name, 'column');
    if (flaw) reader.report(entry.place, flaw.code, flaw.message);
    return readColumn(reader, entry.place, entry.name);
  });
}

function readColumn(reader: FileReader, place: Place, name: string): ColumnDefinition {
  if (!reader.isMap(place)) {
    const type = reader.oneOf(place, COLUMN_TYPES) ?? 'string';
    return { name, type, optional: false, from: null, to: null, matches: null, oneOf: null, failure: 'quarantine' };
  }
  const at = reader.fields(place, COLUMN_FIELDS, ['type']);
  const type = reader.oneOf(at.type, COLUMN_TYPES) ?? 'string';
  const from = readBound(reader, at.from, type);
  const to = readBound(reader, at.to, type);
  if (from !== null && to !== null && from > to) reader.report(at.from, 'does-not-fit', `from (${from}) is greater than to (${to})`);
  return {
    name,
    type,
    optional: reader.boolean(at.optional) ?? false,
    from,
    to,
    matches: readPattern(reader, at.matches, type),
    oneOf: readValues(reader, at.oneOf, type),
    failure: reader.oneOf(at.failure, ['quarantine', 'warn']) ?? 'quarantine',
  };
}

function readBound(reader: FileReader, place: Place, type: ColumnDefinition['type']): number | null {
  const bound = reader.number(place, { integer: type === 'long' });
  if (place.node && type !== 'double' && type !== 'long') reader.report(place, 'does-not-fit', `Bounds are for double and long, this column is ${type}`);
  return bound ?? null;
}

function readPattern(reader: FileReader, place: Place, type: ColumnDefinition['type']): string | null {
  const pattern = reader.text(place);
  if (pattern === undefined) return null;
  if (type !== 'string') reader.report(place, 'does-not-fit', `A pattern is for string, this column is ${type}`);
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    reader.report(place, 'invalid-value', `This is not a regular expression: ${(error as Error).message}`);
  }
  return pattern;
}

function readValues(reader: FileReader, place: Place, type: ColumnDefinition['type']): ColumnDefinition['oneOf'] {
  const items = reader.list(place);
  if (!items) return null;
  if (items.length === 0) reader.report(place, 'invalid-value', 'Name at least one value');
  const wanted = { string: 'string', double: 'number', long: 'number', boolean: 'boolean', timestamp: 'none' }[type];
  return items.flatMap((item) => {
    const value = reader.scalar(item, `a ${type}`);
    if (value === undefined) return [];
    if (typeof value !== wanted) reader.report(item, 'does-not-fit', `${JSON.stringify(value)} is no value of a ${type} column`);
    return [value];
  });
}
