import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { DefinitionChange, PipelineVersionSummary, ServiceRefusal } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import type { ApiClient } from '../api-client.js';
import { readCode } from '../code-files.js';
import type { Command, CommandContext } from '../command.js';
import { findingLines } from '../finding-lines.js';

const patienceMs = 120_000;

/** Shows the difference, lets every service check its part, files the version; `--wait` until it is active or refused. */
export const applyCommand: Command = {
  name: 'apply',
  usage: '-f pipeline.yaml [--wait] [--dry-run] [--project name]',
  summary: 'checks a pipeline file in every service, shows what changes, and files it',
  options: { file: { type: 'string', short: 'f' }, wait: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, project: { type: 'string', default: 'default' } },
  async run({ api, options, print }) {
    const file = options['file'];
    if (typeof file !== 'string') throw new MillraceError('invalid-request', 'Which file? Give it by -f pipeline.yaml.');
    const project = String(options['project']);
    const source = readSource(file);
    const parsed = parsePipeline(source, { project });
    if (parsed.errors !== undefined) throw flawedFile(file, parsed.errors);
    const code = readCode(resolve(dirname(file), parsed.pipeline.training.source));
    const answer = await api.call('applyPipeline', { source, project, code, dryRun: options['dry-run'] === true }).catch((error: unknown) => {
      throw error instanceof MillraceError && error.code === 'invalid-pipeline' ? flawedFile(file, error.fields['errors'] as Flaw[]) : error;
    });
    print(changesText(answer.pipeline, answer.previousVersion, answer.changes));
    refuse(answer.pipeline, answer.refusals);
    if (answer.state === 'unchanged') print(`Nothing to do: version ${answer.version} is the same.`);
    if (answer.state === 'checked') print('Checked by every service; nothing was filed (--dry-run).');
    if (answer.state === 'pending' && answer.version !== null) {
      print(`Filed as version ${answer.version}.`);
      if (options['wait'] === true) await untilDecided(api, answer.pipeline, answer.version, print);
    }
    return answer;
  },
};

interface Flaw {
  line?: number;
  column?: number;
  path: string;
  message: string;
}

function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new MillraceError('file-not-found', `${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Every mistake with its place, as editors understand it: file:line:column. */
function flawedFile(file: string, flaws: readonly Flaw[]): MillraceError {
  const shown = relative(process.cwd(), resolve(file));
  const lines = flaws.map(({ line, column, path, message }) => `${shown}:${line ?? 1}:${column ?? 1}  ${path === '' ? '' : `${path}: `}${message}`);
  return new MillraceError('invalid-pipeline', `${lines.join('\n')}\n${flaws.length} ${flaws.length === 1 ? 'mistake' : 'mistakes'}; nothing was applied.`, { flaws });
}

function changesText(pipeline: string, previousVersion: number | null, changes: readonly DefinitionChange[]): string {
  if (previousVersion === null) return `${pipeline}: new`;
  const lines = changes.map(({ path, before, after, effect }) => {
    const change = before === null ? `+ ${path}: ${shown(after)}` : after === null ? `- ${path}: ${shown(before)}` : `~ ${path}: ${shown(before)} → ${shown(after)}`;
    return `  ${change}${effect === undefined ? '' : `   (${effect})`}`;
  });
  return [`${pipeline}: ${changes.length === 0 ? 'no difference' : `differences`} to version ${previousVersion}`, ...lines].join('\n');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function refuse(pipeline: string, refusals: readonly ServiceRefusal[]): void {
  if (refusals.length === 0) return;
  const lines = refusals.flatMap(({ service, because }) => [`${service} refuses:`, ...findingLines(because.filter(({ passed }) => !passed), '  ')]);
  throw new MillraceError('invalid-pipeline', `${lines.join('\n')}\n${pipeline} is unchanged.`, { refusals });
}

/** Prints each service as it gets ready. */
async function untilDecided(api: ApiClient, pipeline: string, version: number, print: CommandContext['print']): Promise<void> {
  const startedAt = Date.now();
  const [project = '', name = ''] = pipeline.split('/');
  const told = new Set<string>();
  while (Date.now() - startedAt < patienceMs) {
    const { versions } = await api.call('getPipeline', { project, name });
    const summary = versions.find((candidate) => candidate.version === version);
    for (const { service, state } of summary?.parts ?? []) {
      if (state !== 'ready' || told.has(service)) continue;
      told.add(service);
      print(`  ${((Date.now() - startedAt) / 1000).toFixed(1)} s  ${service} is ready`);
    }
    if (summary !== undefined && summary.state !== 'pending') return decided(pipeline, summary, print);
    await pause(150);
  }
  throw new MillraceError('not-ready', `${pipeline} version ${version} is still pending after ${patienceMs / 1000} s; see \`millrace pipelines ${pipeline}\`.`);
}

function decided(pipeline: string, { version, state, parts }: PipelineVersionSummary, print: CommandContext['print']): void {
  if (state === 'refused') refuse(pipeline, parts.filter((part) => part.state === 'refused'));
  print(`${pipeline} version ${version} is ${state}.`);
}
