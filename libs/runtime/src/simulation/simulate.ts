/**
 * `npm run test:simulation -- [--seed 1] [--schedules 100000] [--workers 2] [--trace]`: runs schedules with the seeds from `seed` on, says how far it is,
 * and each seed whose schedule broke a promise; `--trace` prints what happened in the one schedule of `seed`. Ends with 1 when a promise was broken.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { runSchedule } from './run-schedule.js';

interface Share {
  seeds: number[];
}

interface Progress {
  schedules: number;
  steps: number;
  violations: string[];
}

const seedsPerShare = 200;
const progressMs = 5_000;

async function runShare({ seeds }: Share): Promise<Progress> {
  const progress: Progress = { schedules: 0, steps: 0, violations: [] };
  for (const seed of seeds) {
    const { steps, violation } = await runSchedule(seed);
    progress.schedules += 1;
    progress.steps += steps;
    if (violation !== null) progress.violations.push(`seed ${seed}: ${violation}`);
  }
  return progress;
}

/** One thread, given share after share until none is left. */
function runWorker(nextShare: () => Share | undefined, done: (progress: Progress) => void): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: 'simulate' });
  return new Promise((resolve, reject) => {
    const give = (): void => {
      const share = nextShare();
      if (share) worker.postMessage(share);
      else void worker.terminate().then(() => resolve());
    };
    worker.on('message', (progress: Progress) => {
      done(progress);
      give();
    });
    worker.on('error', reject);
    give();
  });
}

async function simulate(firstSeed: number, schedules: number, workers: number): Promise<number> {
  let next = firstSeed;
  const total: Progress = { schedules: 0, steps: 0, violations: [] };
  const nextShare = (): Share | undefined => {
    const seeds = Array.from({ length: Math.max(0, Math.min(seedsPerShare, firstSeed + schedules - next)) }, (_, index) => next + index);
    next += seeds.length;
    return seeds.length === 0 ? undefined : { seeds };
  };
  const startMs = performance.now();
  const say = (): void => console.log(`${total.schedules} of ${schedules} schedules, ${total.steps} steps, ${total.violations.length} broken, ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  const timer = setInterval(say, progressMs);
  const done = (progress: Progress): void => {
    total.schedules += progress.schedules;
    total.steps += progress.steps;
    total.violations.push(...progress.violations);
    for (const violation of progress.violations) console.log(violation);
  };
  await Promise.all(Array.from({ length: workers }, () => runWorker(nextShare, done)));
  clearInterval(timer);
  say();
  return total.violations.length;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, schedules: { type: 'string', default: '100000' }, workers: { type: 'string', default: String(availableParallelism()) }, trace: { type: 'boolean', default: false } },
  });
  const seed = Number(values.seed);
  if (!values.trace) {
    process.exitCode = (await simulate(seed, Number(values.schedules), Number(values.workers))) > 0 ? 1 : 0;
    return;
  }
  const { trace, violation, steps } = await runSchedule(seed, { isTraced: true });
  console.log([...(trace ?? []), `seed ${seed}, ${steps} steps: ${violation ?? 'everything held'}`].join('\n'));
  process.exitCode = violation === null ? 0 : 1;
}

if (isMainThread) await main();
else if (workerData === 'simulate') parentPort?.on('message', (share: Share) => void runShare(share).then((progress) => parentPort?.postMessage(progress)));
