/**
 * Regret of the loop on real flights and three planted streams: excess log loss of Millrace's own decisions (windows, incidents, triggers, gates, shadow)
 * with models that a training command makes, beside never retraining, retraining and promoting every week by cron, and an oracle. Offline, seeded.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lossOfRow, parsePipeline } from '@millrace/decisions';
import type { Pipeline } from '@millrace/contracts';
import { DuckDb } from '@millrace/storage';
import type { Figure } from './figure.ts';
import { report } from './figure.ts';
import { LivedLoop, nothingLived } from './regret-loop.ts';
import type { Lived } from './regret-loop.ts';
import { DAY_MS, flightsStream, plantedStreams } from './regret-streams.ts';
import type { RegretStream } from './regret-streams.ts';
import { TimedStream } from './timed-stream.ts';
import { TrainingCommand } from './training-command.ts';
import type { TrainedModel } from './training-command.ts';

/** Of the streams shown in docs/benchmarks.md; another one may be given as an argument, `seed:7`. */
const SEED = 20_260;
/** Days sealed before the first version, which every strategy begins with. */
const HOLD_OUT = 7;
const WEEK_MS = 7 * DAY_MS;

const FILE = `pipeline: regret
dataSets:
  asked: { key: id, eventTime: at, columns: { id: string, at: timestamp } }
  told: { key: id, eventTime: at, knownAt: known, columns: { id: string, at: timestamp, known: timestamp, label: boolean } }
predict: { dataSet: asked }
features: { hour: { hourOf: at } }
label: { dataSet: told, column: label, maturesAfter: 1d }
training: { command: [python3, train.py], window: 30d, windows: [all, since-change, last 7d, last 3d], minimumMaturedRows: 300 }
evaluation: { holdOut: 12h, gates: { gain: { alpha: 0.1, atLeast: -0.01, shownIn: shadow, block: 3h } } }
rollout: { shadow: { predictions: 300 }, canary: [], bake: 0h, shadowPredecessor: 0 }
monitoring: { window: 12h, falseAlarms: 1 per 30d }
reactions: { every: 4d, coolDown: 1d }
`;

const pipeline = pipelineOf(FILE);
const home = mkdtempSync(join(tmpdir(), 'millrace-regret-'));
const duckDb = await DuckDb.open();
const command = new TrainingCommand(home, duckDb);
const figures: Figure[] = [];
try {
  const wanted = process.argv.slice(2).filter((word) => !word.startsWith('seed:'));
  const seed = Number(process.argv.find((word) => word.startsWith('seed:'))?.slice('seed:'.length) ?? SEED);
  for (const stream of [...plantedStreams(seed), await flightsStream()].filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) figures.push(await regretOn(stream));
} finally {
  command.stop();
  await duckDb.close();
  rmSync(home, { recursive: true, force: true });
}
report(figures);

async function regretOn(stream: RegretStream): Promise<Figure> {
  const timed = new TimedStream(stream);
  const { liveMs, startMs } = timed;
  const learned = { training: { fromMs: startMs, toMs: liveMs - (HOLD_OUT + 2) * DAY_MS }, holdOut: { fromMs: liveMs - (HOLD_OUT + 1) * DAY_MS, toMs: liveMs - DAY_MS } };
  const first = await command.train(stream, timed.rowsIn(learned.training), null);
  const lived = await new LivedLoop(timed, pipeline, command).live(first, learned);
  const cron = await weekly(timed, first);
  const never = [{ model: first, stretch: { fromMs: liveMs, toMs: timed.endMs } }];
  const oracle = await oracleLoss(timed, new Set([first, ...lived.trainings, ...cron.trainings]));
  const regret = async (served: Lived['served']): Promise<number> => 1_000 * ((await meanLoss(timed, served)) - oracle);
  const [ours, theirs, none] = [await regret(lived.served), await regret(cron.served), await regret(never)];
  console.error(`${stream.name}: ${JSON.stringify({ ...lived, served: undefined, trainings: lived.trainings.length, trials: lived.trials.length })}`);
  return {
    what: `Regret on ${stream.name}, ${stream.days.length - stream.past} days (excess log loss per 1,000 predictions)`,
    measured: `${ours.toFixed(1)} with ${counted(lived)}`,
    beside: `weekly cron ${theirs.toFixed(1)} with ${counted(cron)}; never retraining ${none.toFixed(1)}; oracle 0 (${stream.name.startsWith('flights') ? 'the best model of each day in hindsight' : 'the probabilities that drew the labels'})`,
    ratio: `${(ours / theirs).toFixed(2)} of weekly cron, ${(ours / none).toFixed(2)} of never`,
  };
}

/** Every week a model on the newest rows with outcomes, promoted without a question. */
async function weekly(timed: TimedStream, first: TrainedModel): Promise<Lived> {
  const lived = nothingLived();
  let model = first;
  for (let fromMs = timed.liveMs; fromMs < timed.endMs; fromMs += WEEK_MS) {
    if (fromMs > timed.liveMs) {
      const maturedToMs = fromMs - pipeline.label.maturesAfterMs;
      model = await command.train(timed.stream, timed.rowsIn({ fromMs: maturedToMs - pipeline.training.windowMs, toMs: maturedToMs }), null);
      lived.trainings.push(model);
      lived.promotions.push({ day: (fromMs - timed.startMs) / DAY_MS, windows: 'all' });
    }
    lived.served.push({ model, stretch: { fromMs, toMs: Math.min(timed.endMs, fromMs + WEEK_MS) } });
  }
  return lived;
}

/** Mean loss of who knew: the probabilities that drew the labels, or on real data the best model of each day in hindsight. */
async function oracleLoss(timed: TimedStream, models: ReadonlySet<TrainedModel>): Promise<number> {
  let [sum, rows] = [0, 0];
  for (let fromMs = timed.liveMs; fromMs < timed.endMs; fromMs += DAY_MS) {
    const day = { fromMs, toMs: fromMs + DAY_MS };
    const asked = timed.rowsIn(day);
    const sums: number[] = [];
    if (asked.every(({ truth }) => truth !== null)) sums.push(sumOf(asked.map(({ truth, label }) => lossOfRow('log-loss', truth ?? NaN, label))));
    else for (const model of models) sums.push(sumOf(await timed.lossesIn(model, day)));
    sum += Math.min(...sums);
    rows += asked.length;
  }
  return sum / rows;
}

async function meanLoss(timed: TimedStream, served: Lived['served']): Promise<number> {
  let [sum, rows] = [0, 0];
  for (const { model, stretch } of served) {
    const losses = await timed.lossesIn(model, stretch);
    sum += sumOf(losses);
    rows += losses.length;
  }
  return sum / rows;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function counted({ trainings, trials, promotions }: Lived): string {
  const seconds = sumOf(trainings.map((model) => model.seconds)) + sumOf(trials);
  return `${trainings.length} trainings${trials.length > 0 ? ` and ${trials.length} trials` : ''} (${seconds.toFixed(0)} s), ${promotions.length} promoted`;
}

function pipelineOf(source: string): Pipeline {
  const parsed = parsePipeline(source);
  if (parsed.errors) throw new Error(`Error: ${JSON.stringify(parsed.errors)}`);
  return parsed.pipeline;
}
