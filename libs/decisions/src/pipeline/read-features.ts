import type { AggregateFeature, ColumnDefinition, DataSetDefinition, FeatureDefinition, RowFeature } from '@millrace/contracts';
import { formatDuration } from './duration.js';
import type { FileReader, Place } from './file-reader.js';
import { reservedNameFlaw } from './names.js';
import { readColumnName, readDataSetName } from './read-reference.js';

const ROW_KINDS = ['column', 'hourOf', 'weekdayOf'] as const;
const AGGREGATES = ['mean', 'sum', 'count', 'min', 'max', 'last'] as const;
const KINDS = [...ROW_KINDS, ...AGGREGATES] as const;
const ENTITY_TYPES = ['string', 'long', 'boolean'] as const;

/** Tiles that one value may be merged from: a read costs this many additions. */
const MOST_TILES = 1440;

/** Reads `features` against the spine (the predicted data set; undefined when it is unknown) and the pipeline's data sets. */
export function readFeatures(reader: FileReader, place: Place, dataSets: readonly DataSetDefinition[], spine: DataSetDefinition | undefined): FeatureDefinition[] {
  const entries = reader.entries(place);
  if (place.node && reader.isMap(place) && entries.length === 0) reader.report(place, 'missing-field', 'Declare at least one feature');
  return entries.flatMap((entry) => {
    const flaw = reservedNameFlaw(entry.name, 'feature');
    if (flaw) reader.report(entry.place, flaw.code, flaw.message);
    return readFeature(reader, entry, dataSets, spine) ?? [];
  });
}

function readFeature(reader: FileReader, entry: { name: string; place: Place }, dataSets: readonly DataSetDefinition[], spine: DataSetDefinition | undefined): FeatureDefinition | undefined {
  const { name, place } = entry;
  const kinds = KINDS.filter((kind) => reader.entries(place).some((member) => member.name === kind));
  const kind = kinds[0];
  if (!kind) {
    reader.fields(place, [...KINDS, 'from', 'by', 'on', 'window', 'every', 'time']);
    return reader.isMap(place) ? reader.report(place, 'missing-field', `Say what the feature is: one of ${KINDS.join(', ')}`) : undefined;
  }
  if (kinds.length > 1) return reader.report(place, 'does-not-fit', `A feature is one thing; this says ${kinds.join(' and ')}`);
  return isRowKind(kind) ? readRowFeature(reader, place, name, kind, spine) : readAggregate(reader, place, name, kind, dataSets, spine);
}

function isRowKind(kind: (typeof KINDS)[number]): kind is RowFeature['kind'] {
  return ROW_KINDS.some((rowKind) => rowKind === kind);
}

function readRowFeature(reader: FileReader, place: Place, name: string, kind: RowFeature['kind'], spine: DataSetDefinition | undefined): RowFeature | undefined {
  const at = reader.fields(place, [kind]);
  if (!spine) return undefined;
  const types = kind === 'column' ? (['string', 'double', 'long', 'boolean'] as const) : (['timestamp'] as const);
  const columnName = readColumnName(reader, at[kind], spine.columns, types);
  const column = spine.columns.find((candidate) => candidate.name === columnName);
  if (!column) return undefined;
  const type = kind !== 'column' ? 'long' : column.type === 'string' || column.type === 'double' ? column.type : 'long';
  return { name, kind, column: column.name, type, nullable: column.optional };
}

function readAggregate(reader: FileReader, place: Place, name: string, aggregate: AggregateFeature['aggregate'], dataSets: readonly DataSetDefinition[], spine: DataSetDefinition | undefined): AggregateFeature | undefined {
  const at = reader.fields(place, [aggregate, 'from', 'by', 'on', 'window', 'every', 'time'], ['from', 'by', 'window']);
  const source = readDataSetName(reader, at.from, dataSets);
  const column = aggregate === 'count' && reader.isText(at[aggregate], 'records') ? null : source && readColumnName(reader, at[aggregate], source.columns, ['double', 'long']);
  const by = source && readColumnName(reader, at.by, source.columns, ENTITY_TYPES);
  const on = spine && readOn(reader, at.on.node ? at.on : at.by, spine, source, by);
  const windowMs = reader.duration(at.window, 1000);
  const everyMs = at.every.node ? reader.duration(at.every, 1000) : windowMs && defaultEveryMs(windowMs);
  const time = reader.oneOf(at.time, ['knownAt', 'eventTime']) ?? 'knownAt';
  if (!source || column === undefined || by === undefined || on === undefined || windowMs === undefined || everyMs === undefined) return undefined;
  if (!tilesFit(reader, at.every.node ? at.every : at.window, windowMs, everyMs)) return undefined;
  const zeroWhenEmpty = aggregate === 'count' || aggregate === 'sum';
  return { name, kind: 'aggregate', aggregate, dataSet: source.id, column, by, on, windowMs, everyMs, time, type: aggregate === 'count' ? 'long' : 'double', nullable: !zeroWhenEmpty };
}

/** The spine's column that names the group: its type must be that of the column grouped by, or no value would ever match. */
function readOn(reader: FileReader, place: Place, spine: DataSetDefinition, source: DataSetDefinition | undefined, by: string | undefined): string | undefined {
  const on = readColumnName(reader, place, spine.columns, ENTITY_TYPES);
  const typeOf = (columns: readonly ColumnDefinition[] | undefined, name: string | undefined): string | undefined => columns?.find((column) => column.name === name)?.type;
  const groupType = typeOf(source?.columns, by);
  const ownType = typeOf(spine.columns, on);
  if (groupType && ownType && groupType !== ownType) return reader.report(place, 'does-not-fit', `"${on}" of ${spine.name} is ${ownType}, but "${by}" of ${source?.name} is ${groupType}`);
  return on;
}

function tilesFit(reader: FileReader, place: Place, windowMs: number, everyMs: number): boolean {
  if (windowMs % everyMs !== 0) reader.report(place, 'does-not-fit', `The window (${formatDuration(windowMs)}) is not a whole number of ${formatDuration(everyMs)}`);
  else if (windowMs / everyMs > MOST_TILES) reader.report(place, 'does-not-fit', `The window holds ${windowMs / everyMs} tiles of ${formatDuration(everyMs)}; at most ${MOST_TILES} are merged for one value`);
  else return true;
  return false;
}

/** A sixtieth of the window in whole seconds where that divides it, else the whole window. */
function defaultEveryMs(windowMs: number): number {
  const sixtieth = windowMs / 60;
  return Number.isInteger(sixtieth) && sixtieth >= 1000 ? sixtieth : windowMs;
}
