import { rm } from 'node:fs/promises';
import type { Artifact, Finding } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import type { Logger, ServiceIdentity, UnitOfWork, Worker, Workers } from '@millrace/runtime';
import { timerCause } from '@millrace/runtime';
import type { ObjectStore } from '@millrace/storage';
import type { RunRow } from '../store/run.row.js';
import { completeRun } from '../use-cases/complete-run.js';
import { failRun } from '../use-cases/fail-run.js';
import { cancelledAmong, nextRunToStart } from '../use-cases/next-run.js';
import { mostAttempts, recordProcess, requeueRun, startRun } from '../use-cases/start-run.js';
import { endProcessGroup } from './process-identity.js';
import type { Programs } from './programs.js';
import type { RunEvaluator } from './run-evaluator.js';
import type { RunLogs } from './run-logs.js';
import type { RunOutputs } from './run-outputs.js';
import type { RunQueue } from './run-queue.js';
import type { RunVariables } from './run-variables.js';
import type { ChosenWindow, ExecuteCommand, WindowTrials } from './window-trials.js';
import type { TrainingEnd, TrainingProcess } from './training-process.js';
import { startTrainingProcess } from './training-process.js';
import type { WorkDirectory } from './work-directory.js';
import { layOutWorkDirectory } from './work-directory.js';

export interface RunExecutorParts {
  work: UnitOfWork;
  workers: Workers;
  identity: ServiceIdentity;
  logger: Logger;
  objects: ObjectStore;
  programs: Programs;
  variables: RunVariables;
  outputs: RunOutputs;
  trials: WindowTrials;
  logs: RunLogs;
  evaluator: RunEvaluator;
  queue: RunQueue;
}

export interface RunExecutorSettings {
  workDir: string | undefined;
  concurrentRuns: number;
}

const lookAgainMs = 5_000;

/**
 * Runs training commands as local processes, at most so many at a time. What is under way is known from the rows: after a
 * restart the process group of the old instance is ended and the next attempt begins.
 */
export class RunExecutor {
  readonly #worker: Worker;
  readonly #underWay = new Map<string, TrainingProcess | null>();
  #isStopping = false;

  constructor(
    private readonly parts: RunExecutorParts,
    private readonly settings: RunExecutorSettings,
  ) {
    this.#worker = parts.workers.add({ name: 'run-executor', intervalMs: lookAgainMs, run: () => this.#startOne() });
  }

  /** A run may be ready to start. */
  wake(): void {
    this.#worker.wake();
  }

  /** Ends the commands under way; the next instance begins their next attempt. */
  onModuleDestroy(): void {
    this.#isStopping = true;
    for (const process of this.#underWay.values()) process?.kill();
  }

  async #startOne(): Promise<boolean> {
    const { work, identity } = this.parts;
    await this.#endCancelled();
    if (this.#isStopping || this.#underWay.size >= this.settings.concurrentRuns) return false;
    const next = await work.read((tx) => nextRunToStart(tx, identity.instance, [...this.#underWay.keys()]));
    if (!next) return false;
    if (next.process) endProcessGroup(next.process);
    if (next.attempt >= mostAttempts) {
      await this.#fail(next, null, [{ check: 'attempts', passed: false, measured: next.attempt, bound: mostAttempts }], null, null);
      return true;
    }
    this.#underWay.set(next.run, null);
    void this.#attempt(next).finally(() => {
      this.#underWay.delete(next.run);
      this.wake();
    });
    return true;
  }

  /** Whoever cancelled it may have done so in another process of the service. */
  async #endCancelled(): Promise<void> {
    if (this.#underWay.size === 0) return;
    const cancelled = await this.parts.work.read((tx) => cancelledAmong(tx, [...this.#underWay.keys()]));
    for (const run of cancelled) this.#underWay.get(run)?.kill();
  }

  async #attempt(next: RunRow): Promise<void> {
    const { work, identity, programs } = this.parts;
    let started: RunRow | null = null;
    try {
      const environment = { codeSha256: next.definition.training.code?.sha256 ?? '', environmentSha256: await programs.lockSha256() };
      started = await work.run(timerCause({ name: 'training', ...next.cascade }), (tx) => startRun(tx, next.run, identity.instance, environment));
      if (started) await this.#inDirectory(started);
    } catch (error) {
      await this.#reportBroken(started ?? next, error);
    }
  }

  async #inDirectory(run: RunRow): Promise<void> {
    const directory = await layOutWorkDirectory(run, this.parts.objects, this.settings.workDir);
    try {
      const execute: ExecuteCommand = (variables, logPath) => this.#execute(run, directory, variables, logPath);
      const { trainingSetPath, candidates } = await this.parts.trials.choose(run, directory, execute);
      const end = await execute({ MILLRACE_TRAINING_SET: trainingSetPath }, directory.logPath);
      if (this.#isStopping) return;
      const log = await this.parts.logs.store(run, directory.logPath);
      const problem = problemOf(end, run);
      if (problem) await this.#fail(run, run.attempt, [problem], end.exitCode, log);
      else await this.#complete(run, { ...directory, trainingSetPath }, log, candidates);
    } finally {
      await rm(directory.root, { recursive: true, force: true });
    }
  }

  async #execute(run: RunRow, directory: WorkDirectory, changed: Record<string, string>, logPath: string): Promise<TrainingEnd> {
    const { variables, work, identity } = this.parts;
    const { command, timeoutMs } = run.definition.training;
    const env = { ...(await variables.of(run)), ...directory.variables, ...changed };
    const process = startTrainingProcess({ command, directory: directory.code, env, logPath, timeoutMs });
    this.#underWay.set(run.run, process);
    if (this.#isStopping) process.kill();
    const { pid, startTicks } = process;
    await work.run(timerCause({ name: 'training', ...run.cascade }), (tx) => recordProcess(tx, run.run, { instance: identity.instance, pid, startTicks }));
    return process.ended;
  }

  async #complete(run: RunRow, directory: WorkDirectory, log: Artifact | null, candidates: ChosenWindow['candidates']): Promise<void> {
    try {
      const trained = await this.parts.outputs.take(run, directory, log);
      await this.parts.work.run(timerCause({ name: 'training', ...run.cascade }), (tx) => completeRun(tx, run, { ...trained, candidates }));
      this.parts.evaluator.wake();
    } catch (error) {
      if (!(error instanceof MillraceError) || error.kind !== 'invalid') throw error;
      await this.#fail(run, run.attempt, [{ check: error.code, passed: false, detail: error.detail }], 0, log);
    }
  }

  async #fail(run: RunRow, attempt: number | null, because: Finding[], exitCode: number | null, log: Artifact | null): Promise<void> {
    await this.parts.work.run(timerCause({ name: 'training', ...run.cascade }), (tx) => failRun(tx, run.run, attempt, { because, exitCode, log }));
    this.parts.queue.wake();
  }

  /** A part of Millrace was away, or broke: the run is queued again; too many attempts end it. */
  async #reportBroken(run: RunRow, error: unknown): Promise<void> {
    this.parts.logger.error({ err: error, run: run.run, attempt: run.attempt }, 'a run could not be carried out');
    const because = [{ check: 'platform-could-run-it', passed: false, detail: error instanceof MillraceError ? error.detail : 'Something broke inside Millrace' }];
    await this.parts.work
      .run(timerCause({ name: 'training', ...run.cascade }), (tx) => requeueRun(tx, run, because))
      .catch((again: unknown) => this.parts.logger.error({ err: again, run: run.run }, 'a run could not be queued again'));
  }
}

function problemOf({ exitCode, timedOut, problem }: TrainingEnd, { definition }: RunRow): Finding | null {
  const { timeoutMs, command } = definition.training;
  if (timedOut) return { check: 'command-time-ms', passed: false, bound: timeoutMs, detail: `The command took longer than ${timeoutMs} ms and was ended` };
  if (problem) return { check: 'command-starts', passed: false, measured: command[0] ?? '', detail: problem };
  if (exitCode !== 0) return { check: 'command-exit-code', passed: false, measured: exitCode, bound: 0, detail: 'The command failed; its log says why' };
  return null;
}
