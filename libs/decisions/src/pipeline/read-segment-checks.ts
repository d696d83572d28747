import type { ColumnDefinition, SegmentCheck } from '@millrace/contracts';
import type { FileReader, Place } from './file-reader.js';
import { readColumnName } from './read-reference.js';

const ALL_TYPES = ['string', 'double', 'long', 'boolean', 'timestamp'] as const;

/** Reads `segmentChecks`: bounds on what is measured over a whole segment. `failure` holds for all of them. */
export function readSegmentChecks(reader: FileReader, place: Place, columns: readonly ColumnDefinition[]): SegmentCheck[] {
  const at = reader.fields(place, ['minRows', 'maxRows', 'maxNullShare', 'maxDuplicateShare', 'mean', 'distinct', 'failure']);
  const failure = reader.oneOf(at.failure, ['reject', 'warn']) ?? 'reject';
  const minRows = reader.number(at.minRows, { integer: true, from: 1 });
  const maxRows = reader.number(at.maxRows, { integer: true, from: 1 });
  const rows: SegmentCheck[] = minRows === undefined && maxRows === undefined ? [] : [{ measure: 'rows', column: null, from: minRows ?? null, to: maxRows ?? null, failure }];
  return [
    ...rows,
    ...readShares(reader, at.maxNullShare, columns, 'nullShare', failure),
    ...readShares(reader, at.maxDuplicateShare, columns, 'duplicateShare', failure),
    ...readRanges(reader, at.mean, columns, 'mean', failure),
    ...readRanges(reader, at.distinct, columns, 'distinct', failure),
  ];
}

function readShares(reader: FileReader, place: Place, columns: readonly ColumnDefinition[], measure: SegmentCheck['measure'], failure: SegmentCheck['failure']): SegmentCheck[] {
  return reader.entries(place).flatMap((entry) => {
    const column = columnOf(reader, entry, columns, ALL_TYPES);
    const to = reader.share(entry.place);
    return column === undefined || to === undefined ? [] : [{ measure, column, from: null, to, failure }];
  });
}

function readRanges(reader: FileReader, place: Place, columns: readonly ColumnDefinition[], measure: 'mean' | 'distinct', failure: SegmentCheck['failure']): SegmentCheck[] {
  return reader.entries(place).flatMap((entry) => {
    const column = columnOf(reader, entry, columns, measure === 'mean' ? ['double', 'long'] : ALL_TYPES);
    const at = reader.fields(entry.place, ['from', 'to']);
    const from = reader.number(at.from) ?? null;
    const to = reader.number(at.to) ?? null;
    if (reader.isMap(entry.place) && !at.from.node && !at.to.node) reader.report(entry.place, 'missing-field', 'Give from, to or both');
    if (from !== null && to !== null && from > to) reader.report(at.from, 'does-not-fit', `from (${from}) is greater than to (${to})`);
    return column === undefined ? [] : [{ measure, column, from, to, failure }];
  });
}

function columnOf(reader: FileReader, entry: { name: string; place: Place }, columns: readonly ColumnDefinition[], types: readonly ColumnDefinition['type'][]): string | undefined {
  return reader.nameOf(entry, (name) => readColumnName(reader, name, columns, types));
}
