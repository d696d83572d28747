/**
 * Memory over a soak: deployment decides 100 steps of rollouts a second and ingestion with validation take 1 MB/s of records of 2 kB into versions, on a real Kafka and Postgres. What lives in the two
 * processes after a collection of garbage, and their resident memory, is read every five seconds, and the slope of both reckoned after the first third. Run: `node bench/soak.ts [minutes, default 10]` after `npm run build`. Linux only.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { TestKafka } from '@millrace/testing';
import { activatePipeline } from './activate-pipeline.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { usageOf } from './process-usage.ts';
import { wideRecords } from './record-shapes.ts';
import { copyRollouts, fillTopic, openRollout, passOf, rolloutPlan, stepsPerRollout } from './rollouts.ts';
import { slopeOf } from './slope.ts';
import type { Slope } from './slope.ts';

const minutes = Number(process.argv[2] ?? 10);
const decisionsPerSecond = 100;
const bytesPerSecond = 1_000_000;
const warmUpShare = 1 / 3;
const secondsPerSample = 5;
const rollouts = Math.ceil((minutes * 60 * decisionsPerSecond) / stepsPerRollout);
const dataSet = 'soak';
const verdict = 'millrace.monitoring.analysis.completed.v1';

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);

/** Its standard output is for whoever wants it. */
function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const watch = ['--import', pathToFileURL(join(import.meta.dirname, 'live-memory.ts')).href];
  return fork(join(import.meta.dirname, script), args, { silent: true, execArgv: ['--disable-warning=TimeoutNegativeWarning', ...watch], env: { ...process.env, ...env } });
}

async function startDeployment(): Promise<ChildProcess> {
  const child = run('rollout-service.ts', [], environment.envOf('deployment'));
  await once(child, 'message');
  await openRollout(environment, kafka);
  await copyRollouts(environment, 1, rollouts);
  return child;
}

async function startIngestion(): Promise<ChildProcess> {
  const child = run('records-services.ts', ['versions'], { ...environment.envOf('ingestion'), ...environment.envOf('validation') });
  if (child.stdout) await once(child.stdout, 'data');
  await kafka.createTopics([`millrace.data.default.${dataSet}`]);
  await activatePipeline(kafka, dataSet, wideRecords());
  return child;
}

interface Sample {
  minute: number;
  live: number;
  resident: number;
}

async function sampleOf(child: ChildProcess, minute: number): Promise<Sample> {
  const resident = usageOf(child.pid ?? 0).residentMegabytes;
  child.send('collect');
  const [{ liveMegabytes }] = (await once(child, 'message')) as [{ liveMegabytes: number }];
  return { minute, live: liveMegabytes, resident };
}

/** Sends a second's verdicts each second, and reads the memory of the processes now and then. */
async function soak(watched: readonly ChildProcess[]): Promise<Sample[][]> {
  const plan = await rolloutPlan(environment);
  const samples = watched.map((): Sample[] => []);
  const startMs = performance.now();
  for (let second = 0; second < minutes * 60; second += 1) {
    const first = second * decisionsPerSecond;
    await fillTopic(kafka, verdict, decisionsPerSecond, (index) => passOf(plan, 1 + ((first + index) % rollouts), Math.floor((first + index) / rollouts)));
    if (second % secondsPerSample === 0) for (const [index, child] of watched.entries()) samples[index]?.push(await sampleOf(child, (performance.now() - startMs) / 60_000));
    await pause(Math.max(0, startMs + (second + 1) * 1000 - performance.now()));
  }
  return samples;
}

function figureOf(what: string, samples: readonly Sample[]): Figure {
  const after = samples.slice(Math.floor(samples.length * warmUpShare));
  const slope = (field: 'live' | 'resident'): Slope => slopeOf(after.map(({ minute }) => minute), after.map((sample) => sample[field]));
  const [live, resident] = [slope('live'), slope('resident')];
  const from = (field: 'live' | 'resident'): string => `${after[0]?.[field].toFixed(0)} MB after a third, ${after.at(-1)?.[field].toFixed(0)} MB at the end`;
  return {
    what: `Memory of ${what} over ${minutes} min`,
    measured: `what lives ${live.slope.toFixed(2)} MB/min, standard error ${live.error.toFixed(2)} (${from('live')}); resident ${resident.slope.toFixed(2)} MB/min, standard error ${resident.error.toFixed(2)} (${from('resident')})`,
    beside: 'goal: flat',
    ratio: Math.abs(live.slope) <= 2 * live.error ? 'what lives is flat within two standard errors' : live.slope < 0 ? 'falls' : 'grows',
  };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const [deployment, ingestion] = [await startDeployment(), await startIngestion()];
const producer = run('data-load.ts', [environment.brokers, `${environment.topicPrefix}millrace.data.default.${dataSet}`, String(bytesPerSecond)]);
const [ofDeployment = [], ofIngestion = []] = await soak([deployment, ingestion]);
const [done] = await environment.query<{ n: number }>(`select count(*)::int as n from deployment.inbox_ids where topic = 'millrace.monitoring.analysis'`);
report([figureOf(`deployment at ${decisionsPerSecond} decisions/s (${done?.n ?? 0} done)`, ofDeployment), figureOf(`ingestion and validation at ${bytesPerSecond / 1e6} MB/s`, ofIngestion)]);
await end(producer);
await Promise.all([deployment, ingestion].map(end));
await kafka.stop();
await stop();
process.exit(0);
