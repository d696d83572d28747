import { MillraceError } from '@millrace/contracts';
import type { Lineage } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { loggedEvents } from '../store/logged-events.js';
import type { LoggedEvent } from '../store/logged-events.js';
import { LineageGraph } from './lineage-graph.js';

type Found = LoggedEvent<'millrace.monitoring.drift.detected.v1'> | LoggedEvent<'millrace.monitoring.performance.degraded.v1'>;

/** What an incident led to: holds, runs, and their model versions and rollouts, in every pipeline that it touches. Throws `incident-not-found` when the log has not seen it. */
export async function traceIncident(tx: ReadTx, incident: string): Promise<Lineage> {
  const graph = new LineageGraph();
  const node = await addIncident(tx, graph, incident);
  if (node === null) throw new MillraceError('incident-not-found', `The audit log knows no incident ${incident}`);
  for (const { data, entry } of await loggedEvents(tx, 'millrace.training.hold.placed.v1', { incident })) graph.madeOf(graph.add('hold', data.hold, entry, { facts: { pipeline: data.pipeline } }), node);
  for (const { data, entry } of await loggedEvents(tx, 'millrace.deployment.rollout.paused.v1', { incident }))
    graph.madeOf(graph.add('rollout', data.rollout, entry, { facts: { pipeline: data.pipeline, modelVersion: data.modelVersion, paused: data.phase } }), node);
  const queued = await loggedEvents(tx, 'millrace.training.run.queued.v1', { incident });
  const requested = await loggedEvents(tx, 'millrace.training.run.requested.v1', { incident });
  const runs = new Map([...queued, ...requested].map(({ data, entry }) => [data.run, { pipeline: data.pipeline, entry }]));
  for (const [run, { pipeline, entry }] of runs) graph.madeOf(graph.add('run', run, entry, { facts: { pipeline } }), node);
  await addCancelled(tx, graph, { incident }, node);
  await addConsequences(tx, graph, [...runs.keys()]);
  return graph.of(node);
}

/** The incident that asked for a run, and what the run led to. Throws `run-not-found` when the log has not seen it. */
export async function traceRun(tx: ReadTx, run: string): Promise<Lineage> {
  const graph = new LineageGraph();
  const asked = [...(await loggedEvents(tx, 'millrace.training.run.queued.v1', { run })), ...(await loggedEvents(tx, 'millrace.training.run.requested.v1', { run }))].at(-1);
  if (!asked) throw new MillraceError('run-not-found', `The audit log knows no run ${run}`);
  const { pipeline, cause, incident } = asked.data;
  const node = graph.add('run', run, asked.entry, { facts: { pipeline, cause } });
  const from = incident ? await addIncident(tx, graph, incident) : null;
  if (from !== null) graph.madeOf(node, from);
  await addCancelled(tx, graph, { run }, null);
  await addConsequences(tx, graph, [run]);
  return graph.of(node);
}

/** The incident as monitoring told of it first. @returns its node's id; null when the log has not seen it */
export async function addIncident(tx: ReadTx, graph: LineageGraph, incident: string): Promise<string | null> {
  const drifts: Found[] = await loggedEvents(tx, 'millrace.monitoring.drift.detected.v1', { incident });
  const found = [...drifts, ...(await loggedEvents(tx, 'millrace.monitoring.performance.degraded.v1', { incident }))];
  const [first] = found;
  if (!first) return null;
  const diagnosis = 'diagnosis' in first.data ? first.data.diagnosis : 'performance';
  return graph.add('incident', incident, first.entry, { facts: { diagnosis, changePoint: first.data.changePoint, pipelines: new Set(found.map(({ data }) => data.pipeline)).size } });
}

/** A run that ended before its time says so; an incident may end runs that it did not ask for. */
async function addCancelled(tx: ReadTx, graph: LineageGraph, where: { incident: string } | { run: string }, incident: string | null): Promise<void> {
  for (const { data, entry } of await loggedEvents(tx, 'millrace.training.run.cancelled.v1', where)) {
    const node = graph.add('run', data.run, entry, { facts: { pipeline: data.pipeline, cancelled: true } });
    if (incident !== null) graph.madeOf(node, incident);
  }
}

async function addConsequences(tx: ReadTx, graph: LineageGraph, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return;
  for (const { data, entry } of await loggedEvents(tx, 'millrace.registry.model-version.registered.v1', { run: In([...runs]) }))
    graph.madeOf(graph.add('model-version', `${data.pipeline}@${data.modelVersion}`, entry, { sha256: data.model.sha256 }), `run:${data.run}`);
  for (const { data, entry } of await loggedEvents(tx, 'millrace.deployment.rollout.started.v1', { run: In([...runs]) }))
    graph.madeOf(graph.add('rollout', data.rollout, entry, { facts: { pipeline: data.pipeline, modelVersion: data.modelVersion } }), `model-version:${data.pipeline}@${data.modelVersion}`);
}
