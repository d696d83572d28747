/**
 * Memory over a soak: deployment decides 100 steps of rollouts a second and ingestion with validation take 1 MB/s of records of 2 kB into versions, on a real Kafka and Postgres; the memory of the two
 * processes is read each second, and its slope reckoned after the first third. Run: `node bench/soak.ts [minutes, default 10]` after `npm run build`. Linux only.
 */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { TestKafka } from '@millrace/testing';
import { activatePipeline } from './activate-pipeline.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { usageOf } from './process-usage.ts';
import { wideRecords } from './record-shapes.ts';
import { copyRollouts, fillTopic, openRollout, passOf, rolloutPlan, stepsPerRollout } from './rollouts.ts';
import { slopeOf } from './slope.ts';

const minutes = Number(process.argv[2] ?? 10);
const decisionsPerSecond = 100;
const bytesPerSecond = 1_000_000;
const warmUpShare = 1 / 3;
const sampleMs = 1_000;
const dataSet = 'soak';
const verdict = 'millrace.monitoring.analysis.completed.v1';

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);

async function startDeployment(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'rollout-service.ts'), { env: { ...process.env, ...environment.envOf('deployment') } });
  await once(child, 'message');
  await openRollout(environment, kafka);
  await copyRollouts(environment, 1, Math.ceil((minutes * 60 * decisionsPerSecond) / stepsPerRollout));
  return child;
}

async function startIngestion(): Promise<ChildProcess> {
  const child = run('records-services.ts', ['versions'], { ...environment.envOf('ingestion'), ...environment.envOf('validation') });
  await once(createInterface({ input: child.stdout ?? process.stdin }), 'line');
  await kafka.createTopics([`millrace.data.default.${dataSet}`]);
  await activatePipeline(kafka, dataSet, wideRecords());
  return child;
}

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, script), ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
}

interface Sample {
  minute: number;
  megabytes: number;
}

/** Sends a second's verdicts each second and reads the memory of the processes. */
async function soak(watched: readonly ChildProcess[]): Promise<Sample[][]> {
  const plan = await rolloutPlan(environment);
  const rollouts = Math.ceil((minutes * 60 * decisionsPerSecond) / stepsPerRollout);
  const samples = watched.map((): Sample[] => []);
  const startMs = performance.now();
  for (let second = 0; second < minutes * 60; second += 1) {
    const first = second * decisionsPerSecond;
    await fillTopic(kafka, verdict, decisionsPerSecond, (index) => passOf(plan, 1 + ((first + index) % rollouts), Math.floor((first + index) / rollouts)));
    for (const [index, { pid }] of watched.entries()) samples[index]?.push({ minute: (performance.now() - startMs) / 60_000, megabytes: usageOf(pid ?? 0).residentMegabytes });
    await pause(Math.max(0, startMs + (second + 1) * sampleMs - performance.now()));
  }
  return samples;
}

function figureOf(what: string, samples: readonly Sample[]): Figure {
  const after = samples.slice(Math.floor(samples.length * warmUpShare));
  const { slope, error } = slopeOf(after.map(({ minute }) => minute), after.map(({ megabytes }) => megabytes));
  const highest = Math.max(...after.map(({ megabytes }) => megabytes));
  return {
    what: `Memory of ${what} over ${minutes} min`,
    measured: `${slope.toFixed(2)} MB/min, standard error ${error.toFixed(2)}, after the first third; ${samples[0]?.megabytes.toFixed(0)} MB at first, ${after[0]?.megabytes.toFixed(0)} MB after a third, at most ${highest.toFixed(0)} MB, ${after.at(-1)?.megabytes.toFixed(0)} MB at the end`,
    beside: 'goal: flat',
    ratio: Math.abs(slope) <= 2 * error ? 'flat within two standard errors' : slope < 0 ? 'falls' : 'grows',
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
