/** Event time for one false alarm: `count` alarms in `perMs` milliseconds. */
export interface AlarmBudget {
  count: number;
  perMs: number;
}

export interface PipelineBudget {
  pipeline: string;
  own: AlarmBudget;
}

/**
 * What each pipeline of a project may take of the project's budget of false alarms: equal shares, nobody more than it declared
 * itself, and what one leaves is shared by the others (max-min fairness). Without a budget of the project each has its own.
 * @returns false alarms per millisecond of event time, by pipeline
 */
export function shareBudget(pipelines: readonly PipelineBudget[], project: AlarmBudget | null): Map<string, number> {
  const shares = new Map<string, number>();
  let left = project ? rateOf(project) : Infinity;
  const ascending = pipelines.map(({ pipeline, own }) => ({ pipeline, rate: rateOf(own) })).sort((a, b) => a.rate - b.rate || (a.pipeline < b.pipeline ? -1 : 1));
  ascending.forEach(({ pipeline, rate }, i) => {
    const share = Math.min(rate, left / (ascending.length - i));
    shares.set(pipeline, share);
    left -= share;
  });
  return shares;
}

function rateOf({ count, perMs }: AlarmBudget): number {
  return count / perMs;
}
