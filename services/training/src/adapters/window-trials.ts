import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bestOfTrials, canBeTried, finiteOrNull, lossOfRow, meanOf, trialFromMs, windowCandidatesOf } from '@millrace/decisions';
import type { TrainingRows, WindowCandidate } from '@millrace/decisions';
import type { RunCompleted } from '@millrace/contracts';
import type { FeatureRow } from '@millrace/scoring';
import { loadModel } from '@millrace/scoring';
import type { DuckDb } from '@millrace/storage';
import { sqlIdentifier, sqlLiteral } from '@millrace/storage';
import type { RunRow } from '../store/run.row.js';
import type { TrainingEnd } from './training-process.js';
import type { WorkDirectory } from './work-directory.js';

/** Runs the run's command with some of its variables set otherwise; what it prints goes to the path. */
export type ExecuteCommand = (variables: Record<string, string>, logPath: string) => Promise<TrainingEnd>;

/** The rows that the model is trained on, and how they were chosen. */
export interface ChosenWindow {
  trainingSetPath: string;
  /** Empty when there was nothing to choose among. */
  candidates: NonNullable<RunCompleted['candidates']>;
}

interface Trial {
  run: RunRow;
  directory: WorkDirectory;
  execute: ExecuteCommand;
  /** Event time from which rows are kept back. */
  fromMs: number;
}

interface TriedCandidate {
  /** Rows it was trained on. */
  rows: number;
  /** By row; null when command or model failed. */
  losses: number[] | null;
}

const NOT_TRIED: TriedCandidate = { rows: 0, losses: null };

type Tried = NonNullable<RunCompleted['candidates']>[number];

/**
 * Chooses the training window by trying: the command is run on each candidate's rows up to the newest ones, each model is scored by the
 * platform on those newest rows, and the model of the run is then trained on all rows of the best candidate. Sealed rows have no part in it.
 */
export class WindowTrials {
  constructor(private readonly duckDb: DuckDb) {}

  /** Errors: those of the store; a candidate whose command or model fails is out of the race and nothing more. */
  async choose(run: RunRow, directory: WorkDirectory, execute: ExecuteCommand): Promise<ChosenWindow> {
    const unchanged = { trainingSetPath: directory.trainingSetPath, candidates: [] };
    const windows = run.definition.training.windows ?? [];
    if (windows.length === 0) return unchanged;
    const rows = await this.rowsOf(run, directory.trainingSetPath);
    const candidates = windowCandidatesOf(windows, rows);
    const [only] = candidates;
    if (candidates.length === 1 && only) return { ...unchanged, trainingSetPath: await this.rowsFor(only, directory, 'chosen', null) };
    const fromMs = trialFromMs(rows);
    if (fromMs === null) return unchanged;
    const losses: (number[] | null)[] = [];
    const tried: Tried[] = [];
    for (const [i, candidate] of candidates.entries()) {
      const trained = canBeTried(candidate, rows, fromMs) ? await this.tryOne({ run, directory, execute, fromMs }, candidate, `trial-${i + 1}`) : NOT_TRIED;
      losses.push(trained.losses);
      tried.push({ window: candidate.name, rows: trained.rows, loss: finiteOrNull(trained.losses ? meanOf(trained.losses) : NaN), chosen: false });
    }
    const best = bestOfTrials(losses);
    const chosen = candidates[best];
    if (!chosen) return unchanged;
    return { trainingSetPath: await this.rowsFor(chosen, directory, 'chosen', null), candidates: tried.map((each, i) => ({ ...each, chosen: i === best })) };
  }

  private async tryOne(trial: Trial, candidate: WindowCandidate, name: string): Promise<TriedCandidate> {
    const { directory, execute, run } = trial;
    const output = join(directory.root, name);
    await mkdir(output, { recursive: true });
    const path = await this.rowsFor(candidate, directory, name, trial.fromMs);
    const [counted] = await this.duckDb.query<{ rows: number }>(`SELECT count(*)::INT AS rows FROM read_parquet(${sqlLiteral(path)})`);
    const rows = counted?.rows ?? 0;
    // What a trial logs is nobody's concern: it goes into its own directory and is removed with it.
    const variables = { MILLRACE_TRAINING_SET: path, MILLRACE_OUTPUT: output, MLFLOW_TRACKING_URI: `file:${join(output, 'mlruns')}`, MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_TRACKING_TOKEN: '', MLFLOW_RUN_ID: '' };
    const { exitCode, timedOut, problem } = await execute(variables, join(directory.root, `${name}.log`));
    if (exitCode !== 0 || timedOut || problem !== null) return { rows, losses: null };
    return { rows, losses: await this.lossesOf(join(output, 'model.onnx'), run, { path: directory.trainingSetPath, fromMs: trial.fromMs }) };
  }

  /** Losses on the rows that were kept back, in order of time; null for a file that is no model of this signature. */
  private async lossesOf(modelPath: string, { trainingSet, definition }: RunRow, { path, fromMs }: { path: string; fromMs: number }): Promise<number[] | null> {
    if (!trainingSet) return null;
    const bytes = await readFile(modelPath).catch(() => null);
    const model = bytes && (await loadModel(bytes, trainingSet.signature).catch(() => null));
    if (!model) return null;
    try {
      const names = trainingSet.signature.inputs.map(({ name }) => sqlIdentifier(name)).join(', ');
      const rows = await this.duckDb.query<FeatureRow & { _label: number }>(`SELECT ${names}, CAST(_label AS DOUBLE) AS _label FROM read_parquet(${sqlLiteral(path)}) WHERE epoch_ms(_event_time) >= ${fromMs} ORDER BY _event_time, _key`);
      const scores = [...(await model.score(rows.map(({ _label, ...features }) => features)))];
      return rows.map(({ _label }, i) => lossOfRow(definition.evaluation.metric, scores[i] ?? NaN, _label));
    } finally {
      await model.release();
    }
  }

  private async rowsOf({ changePoint }: RunRow, path: string): Promise<TrainingRows> {
    const rows = await this.duckDb.query<{ at: number }>(`SELECT epoch_ms(_event_time)::DOUBLE AS at FROM read_parquet(${sqlLiteral(path)}) ORDER BY 1`);
    return { timesMs: rows.map(({ at }) => at), changePointMs: changePoint?.getTime() ?? null };
  }

  /** The rows of a candidate as a file of their own, before a time where one is given; a column `_weight` where rows do not count alike. */
  private async rowsFor({ fromMs, halfLifeMs }: WindowCandidate, { root, trainingSetPath }: WorkDirectory, name: string, beforeMs: number | null): Promise<string> {
    const source = `read_parquet(${sqlLiteral(trainingSetPath)})`;
    const inside = `epoch_ms(_event_time) >= ${fromMs}${beforeMs === null ? '' : ` AND epoch_ms(_event_time) < ${beforeMs}`}`;
    const weight = halfLifeMs === null ? '' : `, pow(2, (epoch_ms(_event_time) - max(epoch_ms(_event_time)) OVER ()) / ${halfLifeMs}::DOUBLE) AS _weight`;
    const path = join(root, `${name}.parquet`);
    await this.duckDb.copyToParquet(`SELECT *${weight} FROM ${source} WHERE ${inside} ORDER BY _event_time, _key`, path);
    return path;
  }
}
