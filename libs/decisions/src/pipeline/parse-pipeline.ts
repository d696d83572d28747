import { LineCounter, parseDocument } from 'yaml';
import type { Pipeline } from '@millrace/contracts';
import { showsGainInShadow } from '../evaluation/gate-policy-of.js';
import { FileReader } from './file-reader.js';
import type { Place } from './file-reader.js';
import { isSlug } from './names.js';
import type { PipelineFlaw } from './pipeline-flaw.js';
import { readDataSets } from './read-data-sets.js';
import { readEvaluation } from './read-evaluation.js';
import { readFeatures } from './read-features.js';
import { readLabel } from './read-label.js';
import { readDataSetName } from './read-reference.js';
import { readRollout, readServing } from './read-rollout.js';
import { readTraining } from './read-training.js';
import { readReactions } from './read-reactions.js';
import { readApproval, readMonitoring } from './read-watch.js';

const SECTIONS = [
  'pipeline', 'description', 'owners', 'dataSets', 'predict', 'features', 'label', 'training', 'evaluation', 'rollout', 'serving', 'monitoring', 'reactions', 'approval',
] as const;
const LARGEST_FILE_CHARACTERS = 262_144;

export type ParsedPipeline = { pipeline: Pipeline; errors?: undefined } | { pipeline?: undefined; errors: PipelineFlaw[] };

/** Reads a pipeline file (YAML, one document): the pipeline with every default filled in, or every mistake with line, column and path, in the file's order. */
export function parsePipeline(source: string, { project = 'default' }: { project?: string } = {}): ParsedPipeline {
  if (source.length > LARGEST_FILE_CHARACTERS) {
    return { errors: [{ line: 1, column: 1, path: '', code: 'unreadable', message: `The file is longer than ${LARGEST_FILE_CHARACTERS} characters` }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const reader = new FileReader(document, lines);
  for (const error of document.errors) reader.reportAt(error.pos[0], '', error.code === 'DUPLICATE_KEY' ? 'duplicate' : 'unreadable', yamlMessage(error));
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return { errors: inFileOrder(reader.flaws) };
  const pipeline = readPipeline(reader, project);
  return reader.flaws.length > 0 ? { errors: inFileOrder(reader.flaws) } : { pipeline };
}

function readPipeline(reader: FileReader, project: string): Pipeline {
  if (!reader.root.node) reader.report(reader.root, 'unreadable', 'The file is empty');
  const at = reader.fields(reader.root, SECTIONS, ['pipeline', 'dataSets', 'predict', 'features', 'label', 'training']);
  const owners = reader.fields(at.owners, ['data', 'model']);
  const name = readName(reader, at.pipeline);
  const dataSets = readDataSets(reader, at.dataSets, project);
  const predict = reader.fields(at.predict, ['dataSet'], ['dataSet']);
  const spine = readDataSetName(reader, predict.dataSet, dataSets);
  const features = readFeatures(reader, at.features, dataSets, spine);
  const label = readLabel(reader, at.label, dataSets, spine);
  const evaluation = readEvaluation(reader, at.evaluation, label.task);
  const rollout = readRollout(reader, at.rollout, label.task);
  if (showsGainInShadow(evaluation) && rollout.shadow.predictions === 0) reader.report(at.rollout, 'does-not-fit', 'The gain is shown in shadow, so that shadow needs predictions');
  return {
    id: `${project}/${name}`,
    project,
    name,
    description: reader.text(at.description) ?? '',
    owners: { data: reader.text(owners.data) ?? null, model: reader.text(owners.model) ?? null },
    dataSets,
    predict: { dataSet: spine?.id ?? '' },
    features,
    label,
    training: readTraining(reader, at.training),
    evaluation,
    rollout,
    serving: readServing(reader, at.serving),
    monitoring: readMonitoring(reader, at.monitoring, { features, dataSets }),
    reactions: readReactions(reader, at.reactions),
    approval: readApproval(reader, at.approval),
  };
}

function readName(reader: FileReader, place: Place): string {
  const name = reader.text(place) ?? '';
  if (name !== '' && !isSlug(name)) reader.report(place, 'invalid-value', `"${name}" cannot name a pipeline: use small letters, digits and hyphens, a letter first, at most 63`);
  return name;
}

function yamlMessage(error: { code: string; message: string }): string {
  if (error.code === 'DUPLICATE_KEY') return 'This field stands here a second time';
  if (error.code === 'MULTIPLE_DOCS') return 'The file holds more than one document; a pipeline is one';
  return `This is not YAML: ${error.message.split('\n')[0]}`;
}

function inFileOrder(flaws: readonly PipelineFlaw[]): PipelineFlaw[] {
  return [...flaws].sort((a, b) => a.line - b.line || a.column - b.column);
}
