import type { TrainingDefinition, TrainingWindow } from '@millrace/contracts';
import { parseDuration } from './duration.js';
import type { FileReader, Place } from './file-reader.js';

const DAY_MS = 86_400_000;

/** Reads `training`; only the command has no default. */
export function readTraining(reader: FileReader, place: Place): TrainingDefinition {
  const at = reader.fields(place, ['source', 'command', 'parameters', 'seed', 'window', 'windows', 'minimumMaturedRows', 'labelDeadline', 'timeout'], ['command']);
  const windows = (reader.list(at.windows) ?? []).flatMap((item) => readWindow(reader, item) ?? []);
  return {
    source: readSource(reader, at.source),
    code: null,
    command: readCommand(reader, at.command),
    parameters: Object.fromEntries(reader.entries(at.parameters).map((entry) => [entry.name, reader.scalar(entry.place, 'a text, a number, true or false') ?? ''])),
    seed: reader.number(at.seed, { integer: true, from: 0, to: 2 ** 31 - 1 }) ?? 1,
    windowMs: reader.duration(at.window) ?? 60 * DAY_MS,
    ...(windows.length > 0 ? { windows } : {}),
    minimumMaturedRows: reader.number(at.minimumMaturedRows, { integer: true, from: 1 }) ?? 1000,
    labelDeadlineMs: reader.duration(at.labelDeadline) ?? 14 * DAY_MS,
    timeoutMs: reader.duration(at.timeout) ?? 600_000,
  };
}

/** `all`, `since-change`, `last 7d` or `weighted 7d`. */
function readWindow(reader: FileReader, place: Place): TrainingWindow | undefined {
  const text = reader.text(place);
  if (text === undefined) return undefined;
  const [kind, length, ...more] = text.trim().split(/ +/);
  const ms = parseDuration(length ?? '');
  const isPlain = kind === 'all' || kind === 'since-change';
  if (isPlain && length === undefined) return { kind };
  if ((kind === 'last' || kind === 'weighted') && ms && more.length === 0) return { kind, ms };
  return reader.report(place, 'invalid-value', `A training window is all, since-change, "last 7d" or "weighted 7d", not "${text}"`);
}

function readSource(reader: FileReader, place: Place): string {
  const source = reader.text(place) ?? '.';
  if (source.startsWith('/') || source.split('/').includes('..')) reader.report(place, 'invalid-value', 'The source must be a directory at or below that of this file');
  return source;
}

function readCommand(reader: FileReader, place: Place): string[] {
  const items = reader.list(place);
  if (items?.length === 0) reader.report(place, 'invalid-value', 'Name the program to run');
  return (items ?? []).flatMap((item) => reader.text(item) ?? []);
}
