import type { ColumnKind } from '@millrace/decisions';
import { cannotSay } from './column-verdict.js';
import type { ColumnVerdict, DriftReport } from './column-verdict.js';
import { ComparedFiles } from './compared-files.js';
import type { Side } from './compared-files.js';
import { judgeColumn } from './judge-column.js';
import type { JudgeOptions } from './judge-column.js';
import { columnOfCategories, columnOfNumbers, isNumeric } from './read-column.js';

export interface CompareOptions extends Omit<JudgeOptions, 'level'> {
  /** Types that the user gave, by column. */
  types: ReadonlyMap<string, ColumnKind>;
  /** Probability that any column is found to drift without a change, of the platform's own method; shared evenly by the columns. */
  falseAlarms: number;
}

/** Columns of numbers read at once: fewer reads of the file's index, memory of so many columns of both sides. */
const COLUMNS_AT_ONCE = 8;

/** Compares two Parquet or CSV files column by column; every column of either file gets a verdict, in the order of the reference. */
export async function compareFiles(paths: Record<Side, string>, options: CompareOptions): Promise<DriftReport> {
  return ComparedFiles.open(paths, async (files) => {
    const names = [...new Set([...files.columns.reference.keys(), ...files.columns.current.keys()])];
    const level = options.falseAlarms / Math.max(1, names.length);
    const verdicts = new Map<string, ColumnVerdict>();
    const numeric: string[] = [];
    for (const name of names) {
      const flaw = schemaFlawOf(files, name, options);
      if (flaw !== undefined) verdicts.set(name, cannotSay(name, flaw));
      else if (isNumeric(classesOf(files, name).reference)) numeric.push(name);
      else verdicts.set(name, judgeColumn(await columnOfCategories(files, name, classesOf(files, name)), { ...options, level }));
    }
    for (let from = 0; from < numeric.length; from += COLUMNS_AT_ONCE) {
      const batch = numeric.slice(from, from + COLUMNS_AT_ONCE);
      const [reference, current] = [await files.numbers('reference', batch), await files.numbers('current', batch)];
      batch.forEach((name, i) => {
        const read = { reference: reference[i] ?? nothing, current: current[i] ?? nothing };
        verdicts.set(name, judgeColumn(columnOfNumbers(name, classesOf(files, name), read, options.types.get(name), options.likeEvidently), { ...options, level }));
      });
    }
    return reportOf(paths, files.rows, options.likeEvidently, names.flatMap((name) => verdicts.get(name) ?? []));
  });
}

const nothing = { values: new Float64Array(), missing: 0, infinite: 0 };

function classesOf(files: ComparedFiles, name: string): Record<Side, 'number' | 'integer' | 'boolean' | 'text' | 'time' | 'other'> {
  return { reference: files.columns.reference.get(name) ?? 'other', current: files.columns.current.get(name) ?? 'other' };
}

/** Why a column cannot be compared whatever its values are. */
function schemaFlawOf(files: ComparedFiles, name: string, { types, likeEvidently }: CompareOptions): string | undefined {
  if (!files.columns.current.has(name)) return 'missing in the current file';
  if (!files.columns.reference.has(name)) return 'missing in the reference file';
  const { reference, current } = classesOf(files, name);
  const wanted = types.get(name);
  if (isNumeric(reference) !== isNumeric(current)) return `${reference} in the reference file, ${current} in the current file`;
  if (wanted === 'numeric' && !isNumeric(current)) return `${current} values cannot be compared as numbers`;
  if (wanted !== undefined) return undefined;
  if (reference === 'time' || current === 'time') return 'a time moves on by itself; --types compares its values as categories';
  if (reference === 'other' || current === 'other') return 'neither numbers nor categories';
  return likeEvidently && current === 'boolean' && reference !== 'boolean' ? `${reference} in the reference file, boolean in the current file` : undefined;
}

function reportOf(paths: Record<Side, string>, rows: Record<Side, number>, likeEvidently: boolean, columns: ColumnVerdict[]): DriftReport {
  const [drifted, unsaid] = (['drift', 'cannot-say'] as const).map((wanted) => columns.filter(({ verdict }) => verdict === wanted).length) as [number, number];
  const said = columns.length - unsaid;
  return {
    reference: { path: paths.reference, rows: rows.reference }, current: { path: paths.current, rows: rows.current }, like: likeEvidently ? 'evidently' : null,
    columns, drifted, cannotSay: unsaid, driftedShare: said === 0 ? null : drifted / said,
  };
}
