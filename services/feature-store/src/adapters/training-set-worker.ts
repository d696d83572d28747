import { MillraceError } from '@millrace/contracts';
import { timerCause } from '@millrace/runtime';
import type { UnitOfWork, Worker, Workers } from '@millrace/runtime';
import type { TrainingSetRow } from '../store/training-set.row.js';
import { nextTrainingSet } from '../use-cases/next-training-set.js';
import { recordTrainingSet, refuseTrainingSet } from '../use-cases/record-training-set.js';
import type { TrainingSetBuilder } from './training-set-builder.js';

const INTERVAL_MS = 15_000;
const WAIT_MS = 500;

/** Builds the training sets that were requested, one after another, outside of any transaction. */
export class TrainingSetWorker {
  readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly work: UnitOfWork,
    private readonly builder: TrainingSetBuilder,
  ) {
    this.worker = workers.add({ name: 'build-training-sets', intervalMs: INTERVAL_MS, run: () => this.buildNext() });
  }

  private async buildNext(): Promise<boolean | number> {
    const next = await this.work.read(nextTrainingSet);
    if (next === null) return false;
    if (next === 'wait') return WAIT_MS;
    const built = await this.builder.build(next.order).catch((error: unknown) => this.refuse(next.row, error));
    if (built) await this.work.run(causeOf(next.row), (tx) => recordTrainingSet(tx, { ...next, built }));
    return true;
  }

  /** What is away comes back; anything else would fail again and would hold up every other run. */
  private async refuse(row: TrainingSetRow, error: unknown): Promise<void> {
    if (error instanceof MillraceError && error.kind === 'unavailable') throw error;
    const detail = error instanceof Error ? error.message : String(error);
    await this.work.run(causeOf(row), (tx) => refuseTrainingSet(tx, row, [{ check: 'training-set-build', passed: false, detail }]));
  }
}

function causeOf({ cascade }: TrainingSetRow): ReturnType<typeof timerCause> {
  return timerCause({ name: 'feature-store', ...cascade });
}
