import { countsOfSamples, distinctOf, sortNumbers } from '@millrace/decisions';
import type { ColumnKind, ComparedColumn } from '@millrace/decisions';
import type { ColumnClass, ComparedFiles, ReadNumbers, Side } from './compared-files.js';

/** A column of both files, read and typed. */
export interface ReadColumn {
  name: string;
  classes: Record<Side, ColumnClass>;
  column: ComparedColumn;
  n: Record<Side, number>;
  missing: Record<Side, number>;
  infinite: Record<Side, number>;
  /** Distinct values on each side; of numbers counted up to eleven. */
  distinct: Record<Side, number>;
}

/** Up to this many distinct values an integer column without missing values is categorical to Evidently. */
const FEW_INTEGERS = 10;
const noValues = new Float64Array(0);
const NUMERIC: readonly ColumnClass[] = ['number', 'integer', 'boolean'];

export function isNumeric(columnClass: ColumnClass): boolean {
  return NUMERIC.includes(columnClass);
}

/** Typed as the user says, else as Evidently types a pandas column, or as the platform does (numbers are numeric). */
export function columnOfNumbers(name: string, classes: ReadColumn['classes'], read: Record<Side, ReadNumbers>, wanted: ColumnKind | undefined, likeEvidently: boolean): ReadColumn {
  const samples = { reference: sortNumbers(read.reference.values), current: sortNumbers(read.current.values), integers: isIntegral('reference') && isIntegral('current') };
  const distinct = { reference: distinctOn(samples.reference), current: distinctOn(samples.current) };
  const fewIntegers = likeEvidently && isIntegral('current') && distinct.current <= FEW_INTEGERS;
  const kind = wanted ?? (classes.current === 'boolean' || fewIntegers ? 'categorical' : 'numeric');
  return {
    name, classes, distinct,
    column: kind === 'numeric' ? { kind, samples } : { kind, counts: countsOfSamples(samples) },
    n: { reference: samples.reference.length, current: samples.current.length },
    missing: { reference: read.reference.missing, current: read.current.missing },
    infinite: { reference: read.reference.infinite, current: read.current.infinite },
  };

  /** pandas has no missing integers: with one the column is of floats. */
  function isIntegral(side: Side): boolean {
    return classes[side] === 'integer' && read[side].missing === 0;
  }
}

export async function columnOfCategories(files: ComparedFiles, name: string, classes: ReadColumn['classes']): Promise<ReadColumn> {
  const counts = await files.categories(name);
  const n = { reference: sum(counts.reference), current: sum(counts.current) };
  return {
    name, classes, n,
    column: { kind: 'categorical', counts },
    distinct: { reference: used(counts.reference), current: used(counts.current) },
    missing: { reference: files.rows.reference - n.reference, current: files.rows.current - n.current },
    infinite: { reference: 0, current: 0 },
  };
}

/** Distinct values of one sorted side, counted no further than anyone asks. */
function distinctOn(sorted: Float64Array): number {
  return distinctOf({ reference: sorted, current: noValues, integers: false }, FEW_INTEGERS + 1);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function used(counts: readonly number[]): number {
  return counts.filter((count) => count > 0).length;
}
