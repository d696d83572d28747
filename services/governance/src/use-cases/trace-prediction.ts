import { MillraceError } from '@millrace/contracts';
import type { Lineage, PublishedSegment } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { loggedEvents } from '../store/logged-events.js';
import { LineageGraph } from './lineage-graph.js';
import { traceModelVersion } from './trace-model-version.js';

/** A prediction as its segment holds it. */
export interface LoggedPrediction {
  readonly segment: string;
  readonly modelVersion: number;
  readonly facts: Record<string, string | number | boolean | null>;
}

/** Looks a prediction up in segments of the prediction log. */
export type PredictionFinder = (segments: readonly PublishedSegment[], predictionId: string) => Promise<LoggedPrediction | null>;

/** The segments of a pipeline's prediction log that are in its newest version. */
export async function predictionSegments(tx: ReadTx, pipeline: string): Promise<PublishedSegment[]> {
  const published = await loggedEvents(tx, 'millrace.ingestion.data-set.version-published.v1', { dataSet: `${pipeline}.predictions` });
  const removed = new Set(published.flatMap(({ data }) => data.removedSegments));
  return published.flatMap(({ data }) => data.segments).filter(({ segment }) => !removed.has(segment));
}

/** What a logged prediction rests on: the segment that proves it and its model version. */
export async function tracePrediction(tx: ReadTx, pipeline: string, predictionId: string, prediction: LoggedPrediction): Promise<Lineage> {
  const graph = new LineageGraph();
  const [staged] = await loggedEvents(tx, 'millrace.ingestion.segment.staged.v1', { segment: prediction.segment });
  if (!staged) throw new MillraceError('segment-not-found', `The audit log knows no segment ${prediction.segment}`);
  const node = graph.add('prediction', predictionId, null, { facts: prediction.facts });
  const segment = graph.add('segment', prediction.segment, staged.entry, { sha256: staged.data.file?.sha256 ?? null, facts: { rows: staged.data.rows, dataSet: staged.data.dataSet } });
  graph.madeOf(node, segment, await traceModelVersion(tx, graph, pipeline, prediction.modelVersion));
  return graph.of(node);
}
