import { MillraceError } from '@millrace/contracts';
import { evidentlyMethods } from '@millrace/decisions';
import type { ColumnKind, DriftMethodName } from '@millrace/decisions';
import type { Command, CommandContext } from '../command.js';
import type { ColumnVerdict, DriftReport } from '../drift/column-verdict.js';
import { textTable } from '../text-table.js';

const exitCodes = { drift: 3, cannotSay: 4 };

/** Compares two files column by column; needs no running platform. Exit code 3 and 4 only with `--check`. */
export const driftCommand: Command = {
  name: 'drift',
  usage: '<reference> <current> [--like evidently] [--method name] [--threshold number] [--types column=numeric|categorical,...] [--false-alarms 0.05] [--least-effect 0.02] [--check]',
  summary: 'says for every column of two Parquet or CSV files whether it drifted; needs no platform',
  options: {
    like: { type: 'string' }, method: { type: 'string' }, threshold: { type: 'string' }, types: { type: 'string', multiple: false }, check: { type: 'boolean' },
    'false-alarms': { type: 'string', default: '0.05' }, 'least-effect': { type: 'string', default: '0.02' },
  },
  async run({ words: [reference, current, ...more], options, print }) {
    if (reference === undefined || current === undefined || more.length > 0) throw new MillraceError('invalid-request', 'Which files? millrace drift reference.parquet current.parquet');
    if (options['like'] !== undefined && options['like'] !== 'evidently') throw new MillraceError('invalid-request', `--like takes evidently, not "${String(options['like'])}".`);
    const method = methodOf(options['method']);
    const threshold = options['threshold'] === undefined ? undefined : numberOf(options, 'threshold');
    if (threshold !== undefined && method === undefined && options['like'] === undefined) throw new MillraceError('invalid-request', "--threshold belongs to --method or --like evidently; the platform's own threshold follows from --false-alarms.");
    const { compareFiles } = await import('../drift/compare-files.js'); // DuckDB is loaded by who needs it
    const report = await compareFiles({ reference, current }, {
      likeEvidently: options['like'] === 'evidently', types: typesOf(options['types']), falseAlarms: numberOf(options, 'false-alarms'), leastEffect: numberOf(options, 'least-effect'),
      ...(method && { method }), ...(threshold !== undefined && { threshold }),
    });
    print(tableOf(report));
    if (options['check'] === true) process.exitCode = report.drifted > 0 ? exitCodes.drift : report.cannotSay > 0 ? exitCodes.cannotSay : 0;
    return report;
  },
};

function methodOf(option: CommandContext['options'][string]): DriftMethodName | undefined {
  if (option === undefined) return undefined;
  const method = evidentlyMethods.find(({ name }) => name === option);
  if (method === undefined) throw new MillraceError('invalid-request', `There is no method "${String(option)}"; there are: ${evidentlyMethods.map(({ name }) => name).join(', ')}.`);
  return method.name;
}

function typesOf(option: CommandContext['options'][string]): Map<string, ColumnKind> {
  if (typeof option !== 'string') return new Map();
  return new Map(option.split(',').map((part) => {
    const at = part.lastIndexOf('=');
    const [column, type] = [part.slice(0, at), part.slice(at + 1)];
    if (at < 1 || (type !== 'numeric' && type !== 'categorical')) throw new MillraceError('invalid-request', `--types takes column=numeric or column=categorical, separated by commas, not "${part}".`);
    return [column, type];
  }));
}

function numberOf(options: CommandContext['options'], name: string): number {
  const value = Number(options[name]);
  if (!(value >= 0 && value < Infinity) || options[name] === '') throw new MillraceError('invalid-request', `--${name} is a number of at least 0, not "${String(options[name])}".`);
  return value;
}

function tableOf(report: DriftReport): string {
  const rows = report.columns.map((column) => [column.column, column.type, column.method, shown(column.score), shown(column.threshold), shown(column.effect), rowsText(column), column.verdict, column.reason]);
  const said = report.columns.length - report.cannotSay;
  return `${textTable(['column', 'type', 'method', 'score', 'threshold', 'effect', 'rows', 'verdict', 'because'], rows)}\n\n${report.drifted} of ${said} columns with a verdict drifted; nothing can be said of ${report.cannotSay}.`;
}

function rowsText({ n }: ColumnVerdict): string {
  return n.reference === n.current ? String(n.reference) : `${n.reference}/${n.current}`;
}

function shown(value: number | null): string | null {
  return value === null ? null : String(Number(value.toPrecision(4)));
}
