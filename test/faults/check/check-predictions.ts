import type { Facts, Finding, TopicRecord } from './facts.ts';
import { grouped } from './grouped.ts';

interface LoggedPrediction {
  prediction_id: string;
  process: string;
  sequence: number;
}

/**
 * Durable predictions that were answered are in the log; of the others no more are missing than the numbers of their processes show, unless a process was killed, which takes
 * what it held last along unseen.
 */
export function checkPredictions({ records, promises }: Pick<Facts, 'records' | 'promises'>): Finding[] {
  const byTopic = grouped(records, ({ topic }) => topic);
  return [...grouped(promises.predictions, ({ dataSet }) => dataSet)].flatMap(([dataSet, answered]) => {
    const logged = (byTopic.get(`millrace.data.${dataSet.replace('/', '.')}`) ?? []).flatMap(predictionOf);
    const ids = new Set(logged.map(({ prediction_id }) => prediction_id));
    const missing = answered.filter(({ predictionId }) => !ids.has(predictionId));
    const bestEffort = missing.filter(({ durable }) => !durable).length;
    const shown = numbersMissing(logged);
    return [
      ...missing.filter(({ durable }) => durable).map(({ predictionId }) => ({ check: 'durable-predictions-are-logged', detail: `${dataSet}: ${predictionId} was answered and is not in the log` })),
      ...(bestEffort > shown && !promises.inferenceDied ? [{ check: 'loss-is-counted', detail: `${dataSet}: ${bestEffort} answered predictions are not in the log, the numbers show ${shown}` }] : []),
    ];
  });
}

function predictionOf({ value }: TopicRecord): LoggedPrediction[] {
  return value === null ? [] : [JSON.parse(value.toString()) as LoggedPrediction];
}

/** Numbers that processes gave and that are not in the log, below the last one that is. */
function numbersMissing(logged: readonly LoggedPrediction[]): number {
  const byProcess = grouped(logged, ({ process }) => process);
  return [...byProcess.values()].reduce((sum, own) => {
    const numbers = new Set(own.map(({ sequence }) => sequence));
    return sum + Math.max(...numbers) - numbers.size;
  }, 0);
}
