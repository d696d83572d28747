import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact, HoldOutResult, Signature, TrainingSetCreated } from '@millrace/contracts';
import { holdOutMetricsOf, lossOfRow, pairedBlocksOf } from '@millrace/decisions';
import type { LossName } from '@millrace/decisions';
import type { ServiceClient } from '@millrace/runtime';
import type { FeatureRow, Model } from '@millrace/scoring';
import { loadModel } from '@millrace/scoring';
import type { DuckDb, ObjectStore } from '@millrace/storage';
import { checkDigest, digestOf, putContentOfFile, writeParquet } from '@millrace/storage';
import type { Evaluation } from '../use-cases/complete-evaluation.js';
import type { HoldOutRows } from './hold-out-rows.js';
import { openHoldOut } from './hold-out-rows.js';

/** A model file with the inputs it takes. */
export interface Candidate {
  model: Artifact;
  signature: Signature;
}

export interface EvaluationTask {
  project: string;
  challenger: Candidate;
  /** Null when there is none yet, or when it takes features that the hold-out does not have. */
  champion: Candidate | null;
  holdOuts: TrainingSetCreated['holdOuts'];
  loss: LossName;
}

interface Parts {
  services: ServiceClient;
  duckDb: DuckDb;
  objects: ObjectStore;
}

interface Scored {
  holdOut: TrainingSetCreated['holdOuts'][number];
  rows: HoldOutRows;
  challenger: number[];
  champion: number[] | null;
}

/** Scores challenger and champion on the same sealed rows, with the files that are or would be served, in the serving runtime. */
export async function evaluateModel(parts: Parts, task: EvaluationTask): Promise<Evaluation> {
  const challenger = await open(parts.objects, task.challenger);
  const champion = task.champion ? await open(parts.objects, task.champion) : null;
  try {
    const scored: Scored[] = [];
    for (const holdOut of task.holdOuts) {
      const rows = await openHoldOut(parts.services, parts.duckDb, holdOut);
      scored.push({ holdOut, rows, challenger: await scoresOf(challenger, rows), champion: champion ? await scoresOf(champion, rows) : null });
    }
    const holdOuts = scored.map((one) => resultOf(one, task));
    return { holdOuts, rowLosses: await storeRowLosses(parts, task, scored) };
  } finally {
    await challenger.release();
    await champion?.release();
  }
}

async function open(objects: ObjectStore, { model, signature }: Candidate): Promise<Model> {
  const bytes = await objects.get(objects.keyOf(model.url));
  checkDigest(model.url, digestOf(bytes), model);
  return loadModel(bytes, signature);
}

/** A model is given its own inputs only; the hold-out has those of the challenger. */
async function scoresOf(model: Model, { features }: HoldOutRows): Promise<number[]> {
  const names = model.signature.inputs.map(({ name }) => name);
  const own = features.map((row): FeatureRow => Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
  return [...(await model.score(own))];
}

function resultOf({ holdOut, rows, challenger, champion }: Scored, { challenger: { signature }, loss }: EvaluationTask): HoldOutResult {
  const blocks = pairedBlocksOf(loss, { blocks: rows.days, labels: rows.labels, challenger, champion });
  return {
    kind: holdOut.kind,
    holdOut: holdOut.holdOut,
    rows: rows.labels.length,
    window: holdOut.window,
    blocks,
    metrics: {
      challenger: holdOutMetricsOf(signature.task, challenger, rows.labels),
      champion: champion ? holdOutMetricsOf(signature.task, champion, rows.labels) : null,
    },
  };
}

/** One row per sealed row: whoever doubts a gate can resample it otherwise. */
async function storeRowLosses({ duckDb, objects }: Parts, { project, loss }: EvaluationTask, scored: readonly Scored[]): Promise<Artifact> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-losses-'));
  try {
    const path = join(directory, 'row-losses.parquet');
    await writeParquet(duckDb, path, columns, scored.flatMap((one) => lossRowsOf(one, loss)));
    return await putContentOfFile(objects, `${project}/evaluations`, path, '.parquet');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const columns = [
  { name: 'hold_out', type: 'string' },
  { name: 'kind', type: 'string' },
  { name: 'key', type: 'string' },
  { name: 'event_time', type: 'timestamp' },
  { name: 'block', type: 'string' },
  { name: 'label', type: 'double' },
  { name: 'challenger_prediction', type: 'double' },
  { name: 'challenger_loss', type: 'double' },
  { name: 'champion_prediction', type: 'double' },
  { name: 'champion_loss', type: 'double' },
] as const;

function lossRowsOf({ holdOut, rows, challenger, champion }: Scored, loss: LossName): object[] {
  return rows.keys.map((key, row) => {
    const label = rows.labels[row] ?? NaN;
    const [ours, theirs] = [challenger[row] ?? NaN, champion?.[row]];
    return {
      hold_out: holdOut.holdOut,
      kind: holdOut.kind,
      key,
      event_time: rows.eventTimes[row],
      block: rows.days[row],
      label,
      challenger_prediction: ours,
      challenger_loss: lossOfRow(loss, ours, label),
      champion_prediction: theirs,
      champion_loss: theirs === undefined ? null : lossOfRow(loss, theirs, label),
    };
  });
}
