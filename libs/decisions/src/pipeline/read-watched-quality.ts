import type { BusinessMetric, DataSetDefinition, FairnessDefinition, FeatureDefinition, MonitoringDefinition } from '@millrace/contracts';
import { didYouMean } from './did-you-mean.js';
import type { FileReader, Place } from './file-reader.js';
import { readColumnName, readDataSetName } from './read-reference.js';

/** What the rest of the file declares. */
export interface Declared {
  features: readonly FeatureDefinition[];
  dataSets: readonly DataSetDefinition[];
}

type WatchedQuality = Pick<MonitoringDefinition, 'slices' | 'fairness' | 'business' | 'limits'>;

/** Reads `monitoring.slices`, `fairness`, `business` and `limits`: what is shown and judged besides drift and losses. What is absent stays so. */
export function readWatchedQuality(reader: FileReader, at: Record<keyof WatchedQuality, Place>, declared: Declared): WatchedQuality {
  const slices = readFeatureNames(reader, at.slices, declared);
  const fairness = at.fairness.node ? readFairness(reader, at.fairness, declared) : undefined;
  const business = at.business.node ? readBusiness(reader, at.business, declared) : undefined;
  const limits = at.limits.node ? readNumbers(reader, at.limits) : undefined;
  return { ...(slices ? { slices } : {}), ...(fairness ? { fairness } : {}), ...(business ? { business } : {}), ...(limits ? { limits } : {}) };
}

function readFeatureNames(reader: FileReader, place: Place, { features }: Declared): string[] | undefined {
  const names = features.map(({ name }) => name);
  return reader.list(place)?.flatMap((item) => {
    const name = reader.text(item);
    if (name !== undefined && !names.includes(name)) reader.report(item, 'unknown-column', `There is no feature "${name}"${didYouMean(name, names)}`);
    return name ?? [];
  });
}

function readFairness(reader: FileReader, place: Place, declared: Declared): FairnessDefinition {
  const at = reader.fields(place, ['by', 'largestGaps'], ['by', 'largestGaps']);
  return { by: readFeatureNames(reader, at.by, declared) ?? [], largestGaps: readNumbers(reader, at.largestGaps) };
}

function readNumbers(reader: FileReader, place: Place): Record<string, number> {
  return Object.fromEntries(reader.entries(place).flatMap(({ name, place: value }) => {
    const number = reader.number(value);
    return number === undefined ? [] : [[name, number]];
  }));
}

function readBusiness(reader: FileReader, place: Place, { dataSets }: Declared): BusinessMetric[] {
  return reader.entries(place).flatMap(({ name, place: member }) => {
    const at = reader.fields(member, ['sum', 'mean', 'count', 'from', 'bad'], ['from']);
    const aggregate = (['sum', 'mean', 'count'] as const).find((each) => at[each].node);
    const source = readDataSetName(reader, at.from, dataSets);
    if (!aggregate) return reader.report(member, 'missing-field', 'Say sum, mean or count') ?? [];
    const isCount = aggregate === 'count';
    if (isCount && !reader.isText(at.count, 'records')) reader.report(at.count, 'invalid-value', 'Records are counted: say "count: records"');
    const column = isCount || !source ? null : (readColumnName(reader, at[aggregate], source.columns, ['double', 'long']) ?? null);
    return [{ name, aggregate, column, dataSet: source?.id ?? '', bad: reader.oneOf(at.bad, ['higher', 'lower', 'both']) ?? 'both' }];
  });
}
