import type { Pipeline } from '@millrace/contracts';
import type { IncidentKind } from './decide-incident.js';

/** An incident as far as pipelines may share it. */
export interface SourcedIncident {
  kind: IncidentKind;
  /** What it is about: `<data set>.<column>`, or `<data set>.*` for a source as a whole. */
  sources: readonly string[];
  /** Event time, ISO. */
  changePoint: string;
}

/** Pipelines with other windows see the same change as many windows apart. */
const WINDOWS_APART = 2;
const OF_RECORDS: readonly IncidentKind[] = ['data', 'drift'];
const OF_OUTCOMES: readonly IncidentKind[] = ['performance', 'labels'];

/**
 * Where what moved comes from: the columns of data sets that the moved features read, the outcome for grown losses and broken labels.
 * A sign without a column is about the records to predict as a whole. Empty for what other pipelines cannot share.
 * @param columns features that moved; the score is the version's own
 */
export function sourcesOf({ predict, features, label }: Pick<Pipeline, 'predict' | 'features' | 'label'>, kind: IncidentKind, columns: readonly string[]): string[] {
  if (OF_OUTCOMES.includes(kind)) return [`${label.dataSet}.${label.column}`];
  if (!OF_RECORDS.includes(kind)) return [];
  const moved = features.filter(({ name }) => columns.includes(name));
  if (kind === 'data' && moved.length === 0) return [`${predict.dataSet}.*`];
  return [...new Set(moved.map((feature) => (feature.kind === 'aggregate' ? `${feature.dataSet}.${feature.column ?? '*'}` : `${predict.dataSet}.${feature.column}`)))].sort();
}

/** Whether two pipelines see one change: of the same kind, of a source that both read, at about the same time. */
export function isOneChange(open: SourcedIncident, found: SourcedIncident, windowMs: number): boolean {
  if (open.kind !== found.kind || !open.sources.some((source) => found.sources.includes(source))) return false;
  return Math.abs(Date.parse(open.changePoint) - Date.parse(found.changePoint)) <= WINDOWS_APART * windowMs;
}
