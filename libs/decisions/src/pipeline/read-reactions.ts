import type { Pipeline, ReactionDefinitions, ReactionsDuringRollout, RunBudget, RunTimeBudget } from '@millrace/contracts';
import { DEFAULT_DURING } from '../deployment/rollout-reactions.js';
import { parseDuration } from './duration.js';
import type { FileReader, Place } from './file-reader.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SERVING = ['retrain', 'shadow', 'roll-back', 'hold', 'alert'] as const;
const IN_SHADOW = ['alert', 'pause', 'roll-back'] as const;
const WITH_TRAFFIC = ['alert', 'pause', 'shadow', 'roll-back'] as const;

/** Reads `reactions`: what follows from what monitoring finds, how often, and within which budget. */
export function readReactions(reader: FileReader, place: Place): ReactionDefinitions {
  const at = reader.fields(place, ['drift', 'performance', 'during', 'every', 'coolDown', 'tryAgainAfter', 'runs', 'projectRuns', 'projectRunTime', 'weight']);
  const tryAgainAfterRows = reader.number(at.tryAgainAfter, { integer: true, from: 1 });
  const everyMs = reader.duration(at.every, HOUR_MS);
  const weight = reader.number(at.weight, { above: 0 });
  const runs = readRuns(reader, at.runs);
  const projectRuns = readRuns(reader, at.projectRuns);
  const projectRunTime = readRunTime(reader, at.projectRunTime);
  return {
    drift: reader.oneOf(at.drift, SERVING) ?? 'retrain',
    performance: reader.oneOf(at.performance, SERVING) ?? 'retrain',
    during: readDuring(reader, at.during),
    ...(everyMs === undefined ? {} : { everyMs }),
    coolDownMs: reader.duration(at.coolDown, 0) ?? 7 * DAY_MS,
    ...(tryAgainAfterRows === undefined ? {} : { tryAgainAfterRows }),
    ...(runs ? { runs } : {}),
    ...(projectRuns ? { projectRuns } : {}),
    ...(projectRunTime ? { projectRunTime } : {}),
    ...(weight === undefined ? {} : { weight }),
  };
}

function readDuring(reader: FileReader, place: Place): ReactionsDuringRollout {
  const at = reader.fields(place, ['shadow', 'canary', 'bake']);
  return {
    shadow: readPhase(reader, at.shadow, IN_SHADOW, DEFAULT_DURING.shadow),
    canary: readPhase(reader, at.canary, WITH_TRAFFIC, DEFAULT_DURING.canary),
    bake: readPhase(reader, at.bake, WITH_TRAFFIC, DEFAULT_DURING.bake),
  };
}

function readPhase<R extends string>(reader: FileReader, place: Place, reactions: readonly R[], usual: Record<'drift' | 'performance' | 'data', R>): Record<'drift' | 'performance' | 'data', R> {
  const at = reader.fields(place, ['drift', 'performance', 'data']);
  return {
    drift: reader.oneOf(at.drift, reactions) ?? usual.drift,
    performance: reader.oneOf(at.performance, reactions) ?? usual.performance,
    data: reader.oneOf(at.data, reactions) ?? usual.data,
  };
}

function readRuns(reader: FileReader, place: Place): RunBudget | undefined {
  const text = reader.text(place);
  const budget = text === undefined ? undefined : runBudgetIn(text);
  if (text !== undefined && !budget) reader.report(place, 'invalid-value', `This must be a budget of runs such as "4 per 30d", not "${text}"`);
  return budget;
}

function readRunTime(reader: FileReader, place: Place): RunTimeBudget | undefined {
  const text = reader.text(place);
  const budget = text === undefined ? undefined : runTimeBudgetIn(text);
  if (text !== undefined && !budget) reader.report(place, 'invalid-value', `This must be a budget of time such as "6h per 1d", not "${text}"`);
  return budget;
}

/** `4 per 30d`; undefined when it is no budget of runs. */
export function runBudgetIn(text: string): RunBudget | undefined {
  const [, count, per] = /^(\d+) per (\S+)$/.exec(text.trim()) ?? [];
  const perMs = parseDuration(per ?? '');
  return count === undefined || !perMs || Number(count) < 1 ? undefined : { count: Number(count), perMs };
}

/** `6h per 1d`; undefined when it is no budget of time. */
export function runTimeBudgetIn(text: string): RunTimeBudget | undefined {
  const [, time, per] = /^(\d\S*[a-z]) per (\S+)$/.exec(text.trim()) ?? [];
  const [timeMs, perMs] = [parseDuration(time ?? ''), parseDuration(per ?? '')];
  return timeMs && perMs ? { timeMs, perMs } : undefined;
}

/** Matured rows that must be new before a change whose run was not better is tried again. */
export function rowsToTryAgain({ reactions, training }: Pick<Pipeline, 'reactions' | 'training'>): number {
  return reactions.tryAgainAfterRows ?? training.minimumMaturedRows;
}
