import { MillraceError } from '@millrace/contracts';
import type { ReadTx, ServiceClient, UnitOfWork, Worker, Workers } from '@millrace/runtime';
import { timerCause } from '@millrace/runtime';
import type { DuckDb, ObjectStore } from '@millrace/storage';
import { RunRow } from '../store/run.row.js';
import { completeEvaluation } from '../use-cases/complete-evaluation.js';
import { failRun } from '../use-cases/fail-run.js';
import { nextRunToEvaluate } from '../use-cases/next-run.js';
import type { Candidate, EvaluationTask } from './evaluate-model.js';
import { evaluateModel } from './evaluate-model.js';
import type { RunQueue } from './run-queue.js';

export interface RunEvaluatorParts {
  work: UnitOfWork;
  workers: Workers;
  services: ServiceClient;
  objects: ObjectStore;
  duckDb: DuckDb;
  queue: RunQueue;
}

const lookAgainMs = 5_000;

/** Evaluates trained models one after another. When a part of Millrace is away, the worker tries again with growing delay. */
export class RunEvaluator {
  readonly #worker: Worker;

  constructor(private readonly parts: RunEvaluatorParts) {
    this.#worker = parts.workers.add({ name: 'run-evaluator', intervalMs: lookAgainMs, run: () => this.#evaluateOne() });
  }

  /** A run may be ready to be evaluated. */
  wake(): void {
    this.#worker.wake();
  }

  async #evaluateOne(): Promise<boolean> {
    const { work } = this.parts;
    const run = await work.read(nextRunToEvaluate);
    if (!run) return false;
    const cause = timerCause({ name: 'training', ...run.cascade });
    try {
      const evaluation = await evaluateModel(this.parts, await work.read((tx) => taskOf(tx, run)));
      await work.run(cause, (tx) => completeEvaluation(tx, run.run, evaluation));
    } catch (error) {
      if (!(error instanceof MillraceError) || error.kind !== 'invalid') throw error;
      const because = [{ check: error.code, passed: false, detail: error.detail }];
      await work.run(cause, (tx) => failRun(tx, run.run, run.attempt, { because, exitCode: 0, log: null }));
    }
    this.parts.queue.wake();
    return true;
  }
}

async function taskOf(tx: ReadTx, { pipeline, definition, model, trainingSet, champion }: RunRow): Promise<EvaluationTask> {
  if (!model || !trainingSet) throw new MillraceError('run-not-found', 'The run has no model to evaluate');
  return {
    project: definition.project,
    challenger: { model, signature: trainingSet.signature },
    champion: champion ? await candidateOf(tx, pipeline, champion.run, trainingSet.signature.inputs.map(({ name }) => name)) : null,
    holdOuts: trainingSet.holdOuts,
    loss: definition.evaluation.metric,
  };
}

/** The champion as it was trained; null when it takes features that the hold-out does not have. */
async function candidateOf(tx: ReadTx, pipeline: string, run: string, columns: readonly string[]): Promise<Candidate | null> {
  const row = await tx.get(RunRow, { pipeline, run }, 'run-not-found');
  const signature = row.trainingSet?.signature;
  if (!row.model || !signature?.inputs.every(({ name }) => columns.includes(name))) return null;
  return { model: row.model, signature };
}
