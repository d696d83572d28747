import { MillraceError } from '@millrace/contracts';
import { detectorKinds } from '@millrace/decisions';
import type { DetectorKind, DetectorParameter } from '@millrace/decisions';
import type { Command, CommandContext } from '../command.js';

const parameterNames = [...new Set(Object.values(detectorKinds).flatMap(({ defaults }) => Object.keys(defaults)))];

/** Runs a streaming detector over one column of a file; needs no running platform. Exit code 4 with `--check` when no value could be watched, 3 when it fired. */
export const detectCommand: Command = {
  name: 'detect',
  usage: `<stream.csv | stream.parquet> --column name [--detector ${Object.keys(detectorKinds).join('|')}] [--<parameter> value ...] [--check]`,
  summary: 'prints the 0-based row numbers at which a streaming detector fires; needs no platform',
  options: {
    detector: { type: 'string', default: 'adwin' }, column: { type: 'string' }, check: { type: 'boolean' },
    ...Object.fromEntries(parameterNames.flatMap((name) => [kebab(name), snake(name)]).map((option) => [option, { type: 'string' as const }])),
  },
  async run({ words: [path, ...more], options, print }) {
    if (path === undefined || more.length > 0) throw new MillraceError('invalid-request', 'Which stream? millrace detect stream.csv --column x');
    const name = String(options['detector']).replaceAll('_', '-');
    const kind = detectorKinds[name];
    if (kind === undefined) throw new MillraceError('invalid-request', `There is no detector "${name}"; there are: ${Object.keys(detectorKinds).join(', ')}.`);
    const column = options['column'];
    if (typeof column !== 'string') throw new MillraceError('invalid-request', 'Which column? Give --column name.');
    const parameters = parametersOf(kind, name, options);
    const { watchStream } = await import('../drift/watch-stream.js'); // DuckDB is loaded by who needs it
    const found = await watchStream(path, column, kind.make(parameters), kind.binary);
    const watched = found.rows - found.skipped.missing - found.skipped.infinite;
    const verdict = watched === 0 ? 'cannot-say' : found.indices.length > 0 ? 'drift' : 'no-drift';
    for (const index of found.indices) print(String(index));
    if (watched < found.rows || watched === 0) print(`${watched} of ${found.rows} rows watched: ${found.skipped.missing} have no value, ${found.skipped.infinite} an infinite one.`);
    if (options['check'] === true) process.exitCode = verdict === 'drift' ? 3 : verdict === 'cannot-say' ? 4 : 0;
    return { detector: name, like: `river ${kind.like}`, column, parameters, verdict, reason: watched === 0 ? 'no finite value' : null, ...found };
  },
};

function parametersOf(kind: DetectorKind, detector: string, options: CommandContext['options']): Record<string, DetectorParameter> {
  const given = parameterNames.flatMap((name) => {
    const value = options[kebab(name)] ?? options[snake(name)];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const foreign = given.find(([name]) => !(name in kind.defaults));
  if (foreign !== undefined) throw new MillraceError('invalid-request', `${detector} has no parameter --${kebab(foreign[0])}; it has: ${Object.keys(kind.defaults).map((name) => `--${kebab(name)}`).join(', ')}.`);
  return { ...kind.defaults, ...Object.fromEntries(given.map(([name, text]) => [name, valueOf(name, text, kind.defaults[name] ?? 0)])) };
}

function valueOf(name: string, text: string, like: DetectorParameter): DetectorParameter {
  if (typeof like === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (typeof like === 'string' && ['up', 'down', 'both'].includes(text)) return text;
  const value = Number(text);
  if (typeof like !== 'number' || text === '' || !(value >= 0 && value < Infinity)) throw new MillraceError('invalid-request', `--${kebab(name)} is ${typeof like === 'number' ? 'a number of at least 0' : typeof like === 'boolean' ? 'true or false' : 'up, down or both'}, not "${text}".`);
  if (Number.isInteger(like) && isCount(name) && !(Number.isInteger(value) && value >= 1)) throw new MillraceError('invalid-request', `--${kebab(name)} is a whole number of at least 1, not "${text}".`);
  return value;
}

/** Parameters that count values; 0 of them would make no detector. */
function isCount(name: string): boolean {
  return /^(clock|maxBuckets|minWindowLength|windowSize|statSize|slidingWindowSize|minInstances)$/.test(name);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
