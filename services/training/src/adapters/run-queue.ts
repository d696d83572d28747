import type { ProjectBudget } from '@millrace/decisions';
import { decideQueue, runBudgetIn, runTimeBudgetIn } from '@millrace/decisions';
import { MillraceError } from '@millrace/contracts';
import type { UnitOfWork, Worker, Workers } from '@millrace/runtime';
import { timerCause } from '@millrace/runtime';
import { RunRow } from '../store/run.row.js';
import type { QueueRules } from '../use-cases/run-queue.js';
import { queueSituationOf, takeTurn, tellQueued } from '../use-cases/run-queue.js';

const lookAgainMs = 5_000;

/** Gives wanted runs their turn, one after another. A run that has to wait is told once. */
export class RunQueue {
  readonly #worker: Worker;

  constructor(
    private readonly work: UnitOfWork,
    workers: Workers,
    readonly rules: QueueRules,
  ) {
    this.#worker = workers.add({ name: 'run-queue', intervalMs: lookAgainMs, run: () => this.#look() });
  }

  /** A run may be wanted, a place free, or a budget open again. */
  wake(): void {
    this.#worker.wake();
  }

  async #look(): Promise<boolean> {
    const { next, waiting } = await this.work.read(async (tx) => decideQueue(await queueSituationOf(tx, this.rules)));
    if (next !== null) {
      await this.#inCascade(next, (cause) => this.work.run(cause, (tx) => takeTurn(tx, next, this.rules)));
      return true;
    }
    const untold = await this.work.read((tx) => tx.query<{ run: string }>(`select run from runs where state = 'waiting-for-turn' and told_position is null`));
    const news = new Set(untold.map(({ run }) => run));
    for (const queued of waiting.filter(({ run }) => news.has(run))) await this.#inCascade(queued.run, (cause) => this.work.run(cause, (tx) => tellQueued(tx, queued)));
    return false;
  }

  async #inCascade(run: string, act: (cause: ReturnType<typeof timerCause>) => Promise<unknown>): Promise<void> {
    const { cascade } = await this.work.read((tx) => tx.get(RunRow, { run }, 'run-not-found'));
    await act(timerCause({ name: 'training', ...cascade }));
  }
}

/** Budgets of the settings: `40 per 1d`, or `40 per 1d, 6h per 1d` with the time that commands may take. */
export function projectBudgetsIn(settings: Readonly<Record<string, string>>): Record<string, ProjectBudget> {
  return Object.fromEntries(Object.entries(settings).map(([project, text]) => {
    const [runsText = '', timeText] = text.split(',');
    const runs = runBudgetIn(runsText);
    const runTime = timeText === undefined ? null : runTimeBudgetIn(timeText);
    if (!runs || runTime === undefined) throw new MillraceError('invalid-settings', `MILLRACE_TRAINING_PROJECT_BUDGETS: the budget of ${project} must be such as "40 per 1d" or "40 per 1d, 6h per 1d", not "${text}"`);
    return [project, { runs, runTime }];
  }));
}
