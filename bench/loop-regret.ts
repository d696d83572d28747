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
import { LivedLoop } from './regret-loop.ts';
import type { Lived } from './regret-loop.ts';
import { flightsStream, plantedStreams } from './regret-streams.ts';
import type { RegretStream } from './regret-streams.ts';
import { TrainingCommand, predictionsOf } from './training-command.ts';
import type { TrainedModel } from './training-command.ts';

const SEED = 20_260;
const HOLD_OUT = 7;
const WEEK = 7;
/** Days that cron trains on, as the pipeline's window. */
const WINDOW = 30;

const FILE = `pipeline: regret
dataSets:
  asked: { key: id, eventTime: at, columns: { id: string, at: timestamp } }
  told: { key: id, eventTime: at, knownAt: known, columns: { id: string, at: timestamp, known: timestamp, label: boolean } }
predict: { dataSet: asked }
features: { hour: { hourOf: at } }
label: { dataSet: told, column: label, maturesAfter: 1d }
training: { command: [python3, train.py], window: 30d, minimumMaturedRows: 4000 }
evaluation: { holdOut: ${HOLD_OUT}d, gates: { gain: { alpha: 0.1 } } }
rollout: { shadow: { predictions: 800, margin: 0.02 } }
monitoring: { falseAlarms: 1 per 30d }
reactions: { coolDown: 2d }
`;

const pipeline = pipelineOf(FILE);
const home = mkdtempSync(join(tmpdir(), 'millrace-regret-'));
const duckDb = await DuckDb.open();
const command = new TrainingCommand(home, duckDb);
const figures: Figure[] = [];
try {
  const wanted = process.argv.slice(2);
  for (const stream of [...plantedStreams(SEED), await flightsStream()].filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) figures.push(await regretOn(stream));
} finally {
  command.stop();
  await duckDb.close();
  rmSync(home, { recursive: true, force: true });
}
report(figures);

async function regretOn(stream: RegretStream): Promise<Figure> {
  const { past, name } = stream;
  const training = daysOf(0, past - HOLD_OUT - 2);
  const holdOut = daysOf(past - HOLD_OUT - 1, past - 1);
  const first = await command.train(stream, `${training[0]}-${training.at(-1)}`, training.flatMap((day) => stream.days[day] ?? []), null);
  const lived = await new LivedLoop(stream, pipeline, command).live(first, { training, holdOut });
  const cron = await weekly(stream, first);
  const never = stream.days.slice(past).map(() => first);
  const oracle = await oracleLosses(stream, [...lived.models, ...cron.models, first, ...lived.trainings]);
  const regret = async (models: readonly TrainedModel[]): Promise<number> => 1_000 * ((await meanLoss(stream, models)) - oracle);
  const [ours, theirs, none] = [await regret(lived.models), await regret(cron.models), await regret(never)];
  console.error(`${name}: ${JSON.stringify({ raised: lived.raised, promotions: lived.promotions, refused: lived.refused, trainings: lived.trainings.map((model) => model.name) })}`);
  return {
    what: `Regret on ${name}, ${stream.days.length - past} days (excess log loss per 1,000 predictions)`,
    measured: `${ours.toFixed(1)} with ${counted(lived)}`,
    beside: `weekly cron ${theirs.toFixed(1)} with ${counted(cron)}; never retraining ${none.toFixed(1)}; oracle 0 (${stream.name === 'flights' ? 'the best model of each day in hindsight' : 'the probabilities that drew the labels'})`,
    ratio: `${(ours / theirs).toFixed(2)} of weekly cron, ${(ours / none).toFixed(2)} of never`,
  };
}

/** Every week a model on the newest rows with outcomes, promoted without a question. */
async function weekly(stream: RegretStream, first: TrainedModel): Promise<Lived> {
  const lived: Lived = { models: [], trainings: [], promotions: [], raised: [], refused: [] };
  let model = first;
  for (let day = stream.past; day < stream.days.length; day += 1) {
    if (day > stream.past && (day - stream.past) % WEEK === 0) {
      const days = daysOf(Math.max(0, day - 1 - WINDOW), day - 1);
      model = await command.train(stream, `cron-${days[0]}-${days.at(-1)}`, days.flatMap((each) => stream.days[each] ?? []), null);
      lived.trainings.push(model);
      lived.promotions.push({ day, promised: NaN });
    }
    lived.models.push(model);
  }
  return lived;
}

/** Mean loss of who knew: the probabilities that drew the labels, or on real data the best model of each day in hindsight. */
async function oracleLosses(stream: RegretStream, models: readonly TrainedModel[]): Promise<number> {
  const distinct = [...new Set(models)];
  let [sum, rows] = [0, 0];
  for (let day = stream.past; day < stream.days.length; day += 1) {
    const asked = stream.days[day] ?? [];
    const known = asked.every(({ truth }) => truth !== null);
    const losses: number[] = known ? [asked.reduce((total, { truth, label }) => total + lossOfRow('log-loss', truth ?? NaN, label), 0)] : [];
    if (!known) for (const model of distinct) losses.push(await lossOn(stream, model, day));
    sum += Math.min(...losses);
    rows += asked.length;
  }
  return sum / rows;
}

async function meanLoss(stream: RegretStream, models: readonly TrainedModel[]): Promise<number> {
  let [sum, rows] = [0, 0];
  for (const [i, model] of models.entries()) {
    sum += await lossOn(stream, model, stream.past + i);
    rows += stream.days[stream.past + i]?.length ?? 0;
  }
  return sum / rows;
}

async function lossOn(stream: RegretStream, model: TrainedModel, day: number): Promise<number> {
  const predictions = await predictionsOf(model, stream, day);
  return (stream.days[day] ?? []).reduce((sum, { label }, row) => sum + lossOfRow('log-loss', predictions[row] ?? NaN, label), 0);
}

function counted({ trainings, promotions }: Lived): string {
  const seconds = trainings.reduce((sum, model) => sum + model.seconds, 0);
  return `${trainings.length} trainings (${seconds.toFixed(0)} s), ${promotions.length} promoted`;
}

/** Days from to before. */
function daysOf(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function pipelineOf(source: string): Pipeline {
  const parsed = parsePipeline(source);
  if (parsed.errors) throw new Error(`Error: ${JSON.stringify(parsed.errors)}`);
  return parsed.pipeline;
}
