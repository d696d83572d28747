import type { ReactionDefinitions } from '@millrace/contracts';
import type { ProjectBudget } from './decide-queue.js';

/** The smallest budgets that the pipelines of a project, or the platform, declare: the fewest runs per time count, and the least time. */
export function projectBudgetOf(declared: readonly Pick<ReactionDefinitions, 'projectRuns' | 'projectRunTime'>[]): ProjectBudget {
  const runs = declared.flatMap(({ projectRuns }) => projectRuns ?? []).toSorted((a, b) => a.count / a.perMs - b.count / b.perMs);
  const times = declared.flatMap(({ projectRunTime }) => projectRunTime ?? []).toSorted((a, b) => a.timeMs / a.perMs - b.timeMs / b.perMs);
  return { runs: runs[0] ?? null, runTime: times[0] ?? null };
}
