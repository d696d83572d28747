import type { OperationInput, Pipeline, PolicyReplay } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { parsePipeline, replayPolicy } from '@millrace/decisions';
import type { RecordedWindow, WindowProfile } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { Between } from 'typeorm';
import { PipelineRow } from '../store/pipeline.row.js';
import { ReferenceRow } from '../store/reference.row.js';
import { VersionRunRow } from '../store/version-run.row.js';
import { WindowRow } from '../store/window.row.js';
import { usualLosses } from './judge-outcomes.js';

/** A judged window that is to be replayed, and the reference of the version that answered. */
export interface WindowToReplay {
  row: WindowRow;
  reference: ReferenceRow | null;
}

const EARLIEST = new Date(0);
const LATEST = new Date('9999-12-31T00:00:00Z');
const MOST_WINDOWS = 400;

/** The pipeline whose policy is tried, and the recorded windows of the version that answered each. */
export async function windowsToReplay(tx: ReadTx, { project, name, source, from, to }: OperationInput<'replayPolicy'>): Promise<{ pipeline: PipelineRow; tried: Pipeline; windows: WindowToReplay[] }> {
  const pipeline = await tx.get(PipelineRow, { pipeline: `${project}/${name}` }, 'pipeline-not-found');
  const tried = source === undefined ? pipeline.definition : pipelineIn(source, project, pipeline);
  const fromAt = Between(from === undefined ? EARLIEST : new Date(from), to === undefined ? LATEST : new Date(to));
  const rows = await tx.findMany(WindowRow, { where: { pipeline: pipeline.pipeline, fromAt }, order: { fromAt: 'DESC' }, take: MOST_WINDOWS });
  const runs = await tx.findMany(VersionRunRow, { where: { pipeline: pipeline.pipeline } });
  const windows: WindowToReplay[] = [];
  for (const row of rows.reverse()) {
    if (row.inputs === null) continue;
    const run = runs.find(({ modelVersion }) => modelVersion === row.modelVersion)?.run;
    windows.push({ row, reference: run === undefined ? null : await tx.find(ReferenceRow, { pipeline: pipeline.pipeline, run }) });
  }
  return { pipeline, tried, windows };
}

/** @param profiles of the windows, in their order; counted anew from the prediction log with the reference's bins */
export function replayOf(tried: Pipeline, windows: readonly WindowToReplay[], profiles: readonly (WindowProfile | null)[]): PolicyReplay {
  return replayPolicy(tried, windows.flatMap(({ row, reference }, i): RecordedWindow[] => {
    const profile = profiles[i] ?? { from: row.fromAt.toISOString(), to: row.toAt.toISOString(), rows: row.inputs?.rows ?? 0, repeated: 0, parts: [], columns: {} };
    return [{ modelVersion: row.modelVersion, profile, reference: profiles[i] ? (reference?.inputs ?? null) : null, usual: reference ? usualLosses(reference) : [], losses: row.outcome?.losses ?? null }];
  }));
}

/** Another pipeline's policy cannot be tried on these windows: they are of other columns. */
function pipelineIn(source: string, project: string, { pipeline }: PipelineRow): Pipeline {
  const parsed = parsePipeline(source, { project });
  if (parsed.errors) throw new MillraceError('invalid-pipeline', `The pipeline file has ${parsed.errors.length} mistakes`, { errors: parsed.errors });
  if (parsed.pipeline.id !== pipeline) throw new MillraceError('invalid-pipeline', `The file describes ${parsed.pipeline.id}, not ${pipeline}`);
  return parsed.pipeline;
}
