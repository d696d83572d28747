import { compareSamples, judgeLikeEvidently } from '@millrace/decisions';
import type { DriftMethodName } from '@millrace/decisions';
import { cannotSay } from './column-verdict.js';
import type { ColumnVerdict } from './column-verdict.js';
import { sides } from './compared-files.js';
import type { ReadColumn } from './read-column.js';

export interface JudgeOptions {
  likeEvidently: boolean;
  /** One of Evidently's methods for every column; also without `likeEvidently`. */
  method?: DriftMethodName;
  threshold?: number;
  /** Smallest share of rows moved that counts as a drift, of the platform's own method. */
  leastEffect: number;
  /** Probability of a false finding for one column, of the platform's own method. */
  level: number;
}

const SEED = 1;
const CATEGORY_A_RECORD = 0.5;

export function judgeColumn(read: ReadColumn, options: JudgeOptions): ColumnVerdict {
  if (options.likeEvidently) return evidentlyFlawOf(read, options.method !== undefined) ?? byEvidently(read, options);
  return flawOf(read) ?? (options.method === undefined ? beyondChance(read, options) : byEvidently(read, options));
}

/** Evidently types a text column with more distinct values than half of its rows as free text. */
function evidentlyFlawOf(read: ReadColumn, methodIsChosen: boolean): ColumnVerdict | undefined {
  if (read.column.kind === 'categorical' && read.classes.current === 'text' && !methodIsChosen && read.distinct.current > CATEGORY_A_RECORD * read.n.current) {
    return cannotSay(read.name, `free text: ${read.distinct.current} distinct values in ${read.n.current} current rows, which Evidently judges by a trained classifier; --types ${read.name}=categorical compares the values`, factsOf(read));
  }
  return undefined;
}

/** What makes a comparison say nothing, in the order in which a person would mend it. */
function flawOf(read: ReadColumn): ColumnVerdict | undefined {
  const { n, infinite, distinct, column } = read;
  const reason = sides.map((side) => {
    if (n[side] === 0 && infinite[side] === 0) return `no value on the ${side} side`;
    if (infinite[side] > 0) return `${infinite[side]} infinite ${infinite[side] === 1 ? 'value' : 'values'} on the ${side} side`;
    if (n[side] === 1) return `a single value on the ${side} side`;
    if (column.kind === 'categorical' && read.classes[side] === 'text' && distinct[side] > 2 && distinct[side] > CATEGORY_A_RECORD * n[side]) return `almost every record has a category of its own on the ${side} side (${distinct[side]} in ${n[side]} rows)`;
    if (distinct[side] === 1) return `constant on the ${side} side`;
    return undefined;
  }).filter((each) => each !== undefined).join('; ');
  return reason === '' ? undefined : cannotSay(read.name, reason, factsOf(read));
}

function beyondChance(read: ReadColumn, { level, leastEffect }: JudgeOptions): ColumnVerdict {
  const { score, threshold, effect, canTell } = compareSamples(read, level, SEED);
  const facts = { ...factsOf(read), method: 'beyond-chance', scoreKind: 'distance' as const, score, threshold, effect };
  if (!canTell) return cannotSay(read.name, `too few rows: even two sides without a common value would not be surprising at ${level.toPrecision(2)}`, facts);
  if (score > threshold && effect < leastEffect) return { ...facts, verdict: 'no-drift', reason: `beyond chance, but fewer than ${(100 * leastEffect).toPrecision(2)} % of the rows moved` };
  return { ...facts, verdict: score > threshold ? 'drift' : 'no-drift', reason: null };
}

function byEvidently(read: ReadColumn, options: JudgeOptions): ColumnVerdict {
  const judged = judgeLikeEvidently(read.column, { ...(options.method && { method: options.method }), ...(options.threshold !== undefined && { threshold: options.threshold }) });
  if ('because' in judged) return cannotSay(read.name, judged.because, { ...factsOf(read), method: judged.method?.name ?? null });
  const { method, score, threshold, drifted } = judged;
  const facts = { ...factsOf(read), method: method.name, scoreKind: method.score, threshold, effect: null };
  if (Number.isNaN(score)) return cannotSay(read.name, `${method.name} has no number for these values`, { ...facts, score: null });
  return { ...facts, score, verdict: drifted ? 'drift' : 'no-drift', reason: null };
}

function factsOf({ name, column, n, missing, infinite }: ReadColumn): Pick<ColumnVerdict, 'column' | 'type' | 'n' | 'missing' | 'infinite'> {
  return { column: name, type: column.kind, n, missing, infinite };
}
