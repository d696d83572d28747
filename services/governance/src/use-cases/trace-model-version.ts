import { MillraceError } from '@millrace/contracts';
import type { DataSetVersionRef, ModelVersionRegistered } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { latestLoggedEvent, loggedEvents } from '../store/logged-events.js';
import type { LoggedEvent } from '../store/logged-events.js';
import type { LineageGraph } from './lineage-graph.js';
import { addIncident } from './trace-incident.js';

const PUBLISHED = 'millrace.ingestion.data-set.version-published.v1';

/** Adds what a model version was made of to a graph. Throws `model-version-not-found` when the log has not seen it. @returns its node's id */
export async function traceModelVersion(tx: ReadTx, graph: LineageGraph, pipeline: string, modelVersion: number): Promise<string> {
  const registered = await latestLoggedEvent(tx, 'millrace.registry.model-version.registered.v1', { pipeline, modelVersion });
  if (!registered) throw new MillraceError('model-version-not-found', `The audit log knows no version ${modelVersion} of ${pipeline}`);
  const { run, model, window } = registered.data;
  const node = graph.add('model-version', `${pipeline}@${modelVersion}`, registered.entry, { sha256: model.sha256, facts: { from: window.from, to: window.to, url: model.url } });
  graph.madeOf(node, await traceEvaluation(tx, graph, run), await traceRun(tx, graph, registered));
  return node;
}

async function traceEvaluation(tx: ReadTx, graph: LineageGraph, run: string): Promise<string> {
  const evaluated = await latestLoggedEvent(tx, 'millrace.training.evaluation.completed.v1', { run });
  const holdOuts = evaluated?.data.holdOuts.map(({ kind, holdOut, rows }) => [`${kind} hold-out`, `${holdOut}, ${rows} rows`] as const) ?? [];
  return graph.add('evaluation', run, evaluated?.entry ?? null, { sha256: evaluated?.data.rowLosses.sha256 ?? null, facts: Object.fromEntries(holdOuts) });
}

async function traceRun(tx: ReadTx, graph: LineageGraph, { data: { run, featureView, dataSetVersions } }: { data: ModelVersionRegistered }): Promise<string> {
  const started = await latestLoggedEvent(tx, 'millrace.training.run.started.v1', { run });
  const created = await latestLoggedEvent(tx, 'millrace.feature-store.training-set.created.v1', { run });
  const node = graph.add('run', run, started?.entry ?? null, { facts: factsOfRun(started) });
  const asked = await latestLoggedEvent(tx, 'millrace.training.run.requested.v1', { run });
  const incident = asked?.data.incident ? await addIncident(tx, graph, asked.data.incident) : null;
  if (incident !== null) graph.madeOf(node, incident);
  if (started) graph.madeOf(node, graph.add('code', started.data.codeSha256, started.entry, { sha256: started.data.codeSha256 }));
  if (!created) return node;
  const { trainingSet, file, rows, asOf, window } = created.data;
  const set = graph.add('training-set', trainingSet, created.entry, { sha256: file.sha256, facts: { rows, asOf, from: window.from, to: window.to } });
  graph.madeOf(node, set);
  graph.madeOf(set, await traceFeatureView(tx, graph, featureView));
  for (const version of dataSetVersions) graph.madeOf(set, await traceDataSetVersion(tx, graph, version));
  return node;
}

function factsOfRun(started: LoggedEvent<'millrace.training.run.started.v1'> | undefined): Record<string, string | number> {
  if (!started) return {};
  const { command, seed, parameters, environmentSha256, attempt } = started.data;
  return { command: command.join(' '), seed, attempt, environmentSha256, parameters: JSON.stringify(parameters) };
}

async function traceFeatureView(tx: ReadTx, graph: LineageGraph, { view, version }: { view: string; version: number }): Promise<string> {
  const applied = (await loggedEvents(tx, 'millrace.registry.pipeline.applied.v1', { pipeline: view })).find(({ data }) => data.version === version);
  const node = graph.add('feature-view', `${view}@${version}`, applied?.entry ?? null);
  if (applied) graph.madeOf(node, graph.add('pipeline-version', `${view}@${version}`, applied.entry, { sha256: applied.data.sha256 }));
  return node;
}

async function traceDataSetVersion(tx: ReadTx, graph: LineageGraph, { dataSet, version }: DataSetVersionRef): Promise<string> {
  const published = (await loggedEvents(tx, PUBLISHED, { dataSet })).filter(({ data }) => data.version <= version);
  const removed = new Set(published.flatMap(({ data }) => data.removedSegments));
  const segments = published.flatMap(({ data, entry }) => data.segments.filter(({ segment }) => !removed.has(segment)).map((segment) => ({ ...segment, entry })));
  const named = published.find(({ data }) => data.version === version);
  const node = graph.add('data-set-version', `${dataSet}@${version}`, named?.entry ?? null, { facts: { segments: segments.length, ...(named && { rows: named.data.totalRows }) } });
  const staged = await loggedEvents(tx, 'millrace.ingestion.segment.staged.v1', { segment: In(segments.map(({ segment }) => segment)) });
  const places = new Map(staged.map(({ data, entry }) => [data.segment, { entry, facts: { partition: data.partition, fromOffset: data.fromOffset, toOffset: data.toOffset } }]));
  for (const { segment, file, rows, entry } of segments) {
    const place = places.get(segment);
    graph.madeOf(node, graph.add('segment', segment, place?.entry ?? entry, { sha256: file?.sha256 ?? null, facts: { rows, dataSet, ...place?.facts } }));
  }
  return node;
}
