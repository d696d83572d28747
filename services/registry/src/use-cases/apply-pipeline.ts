import { createHash } from 'node:crypto';
import type { Artifact, CodeFile, DefinitionChange, OperationInput, Pipeline, PipelineApplication, ServiceRefusal } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { diffPipelines, parsePipeline } from '@millrace/decisions';
import type { ReadTx, RequestCause, UnitOfWork } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { PipelineVersionRow } from '../store/pipeline-version.row.js';
import { filePipelineVersion } from './file-pipeline-version.js';

/** What applying a pipeline needs beside the database. */
export interface ApplicationPorts {
  work: UnitOfWork;
  partChecks: { refusalsOf(definition: Pipeline, cause: RequestCause): Promise<ServiceRefusal[]> };
  codeStore: { store(project: string, files: readonly CodeFile[]): Promise<Artifact> };
}

/**
 * Reads a pipeline file, lets every service check its part without effect, and files it as a new version that the services
 * then prepare. A refusal, a dry run and a file that changes nothing file nothing. Errors: `invalid-pipeline` with every
 * mistake and its line, `run-code-required`, `service-unavailable`.
 */
export async function applyPipeline(ports: ApplicationPorts, input: OperationInput<'applyPipeline'>, cause: RequestCause): Promise<PipelineApplication> {
  const { source, project, code, dryRun } = input;
  refuseWithoutRunCode(cause);
  const written = read(source, project);
  const active = await ports.work.read((tx) => activeVersionOf(tx, written.id));
  const artifact = code ? await ports.codeStore.store(project, code) : keptCode(written, active);
  const definition: Pipeline = { ...written, training: { ...written.training, code: artifact } };
  const changes: DefinitionChange[] = diffPipelines(active?.definition ?? null, definition);
  const refusals = await ports.partChecks.refusalsOf(definition, cause);
  const answer = { pipeline: written.id, version: null, previousVersion: active?.version ?? null, changes, refusals };
  if (dryRun) return { ...answer, state: 'checked' };
  const sha256 = createHash('sha256').update(source).digest('hex');
  // Every answer is given in the transaction that stores it: the same request is answered the same when its version has become the active one.
  return ports.work.run(cause, async (tx) => {
    if (refusals.length > 0) return { ...answer, state: 'refused' };
    if (active && changes.length === 0) return { ...answer, state: 'unchanged', version: active.version };
    return { ...answer, state: 'pending', version: await filePipelineVersion(tx, { definition, source, sha256, changes, appliedBy: cause.actor }) };
  });
}

/** A pipeline names a command that Millrace will run. */
function refuseWithoutRunCode({ actor, roles }: RequestCause): void {
  if (!roles.includes('run-code') && !roles.includes('admin')) throw new MillraceError('run-code-required', `${actor} lacks the role run-code`);
}

function read(source: string, project: string): Pipeline {
  const { pipeline, errors } = parsePipeline(source, { project });
  if (pipeline) return pipeline;
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new MillraceError('invalid-pipeline', `Line ${first?.line}: ${first?.message}${more}`, { errors });
}

async function activeVersionOf(tx: ReadTx, pipeline: string): Promise<PipelineVersionRow | null> {
  const row = await tx.find(PipelineRow, { pipeline });
  const version = row?.activeVersion ?? null;
  return version === null ? null : tx.find(PipelineVersionRow, { pipeline, version });
}

/** A file applied without its code keeps the code of the active version, if it still names the same directory. */
function keptCode(written: Pipeline, active: PipelineVersionRow | null): Artifact | null {
  return active && active.definition.training.source === written.training.source ? active.definition.training.code : null;
}
