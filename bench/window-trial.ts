import type { Pipeline } from '@millrace/contracts';
import { bestOfTrials, canBeTried, trialFromMs, weightOfRow, windowCandidatesOf } from '@millrace/decisions';
import type { WindowCandidate } from '@millrace/decisions';
import type { StreamRow } from './regret-streams.ts';
import type { TimedStream } from './timed-stream.ts';
import type { TrainedModel, TrainingCommand } from './training-command.ts';

interface Trained {
  model: TrainedModel;
  /** The window it was trained on. */
  windows: string;
  /** Seconds of each command that only tried a window. */
  trials: number[];
}

/** Chooses the training window by trying, as a run of the training service does, and trains on all rows of the best. */
export async function trainOnBestWindow(command: TrainingCommand, timed: TimedStream, { training }: Pipeline, rows: readonly StreamRow[], changePointMs: number | null): Promise<Trained> {
  const known = { timesMs: rows.map(({ atMs }) => atMs), changePointMs };
  const candidates = windowCandidatesOf(training.windows ?? [], known);
  const fromMs = trialFromMs(known);
  const [first] = candidates;
  if (!first) throw new Error('Error: no training window');
  if (candidates.length === 1 || fromMs === null) return { model: await trainOn(command, timed, rows, first), windows: first.name, trials: [] };
  const [before, kept] = [rows.filter(({ atMs }) => atMs < fromMs), { fromMs, toMs: (rows.at(-1)?.atMs ?? 0) + 1 }];
  const losses: (number[] | null)[] = [];
  const trials: number[] = [];
  for (const candidate of candidates) {
    const tried = canBeTried(candidate, known, fromMs) ? await trainOn(command, timed, before, candidate) : null;
    if (tried) trials.push(tried.seconds);
    losses.push(tried && (await timed.lossesIn(tried, kept)));
  }
  const chosen = candidates[bestOfTrials(losses)] ?? first;
  return { model: await trainOn(command, timed, rows, chosen), windows: chosen.name, trials };
}

function trainOn(command: TrainingCommand, { stream }: TimedStream, rows: readonly StreamRow[], { name, fromMs, halfLifeMs }: WindowCandidate): Promise<TrainedModel> {
  const own = rows.filter(({ atMs }) => atMs >= fromMs);
  const lastMs = own.at(-1)?.atMs ?? 0;
  return command.train(stream, own, halfLifeMs === null ? null : { name, weightOf: ({ atMs }) => weightOfRow(atMs, lastMs, halfLifeMs) });
}
