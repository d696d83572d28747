/**
 * Decisions through inbox, use case, outbox, relay and broker in a real service: deployment judges steps of rollouts (locks two rows, writes two, sends two events), and answers
 * pipelines (sends one event); from a queue that waits, counted on the topic that it writes. Then the hop from monitoring's commit of a verdict to deployment's
 * commit of the decision, idle and at half of that load. Beside it: kafkajs alone, and Postgres alone. Run: `node bench/decisions.ts [events, default 100000]` after `npm run build`.
 */
import { execFile, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventCatalogue } from '@millrace/contracts';
import type { EventType } from '@millrace/contracts';
import { RuntimeModule, runService, timerCause, UnitOfWork } from '@millrace/runtime';
import { TestKafka } from '@millrace/testing';
import { Module } from '@nestjs/common';
import { Kafka, logLevel } from 'kafkajs';
import { Arrivals } from './arrivals.ts';
import type { Send } from './arrivals.ts';
import { commitsAlone } from './commits-alone.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { millisecondsText, percentilesOf } from './percentiles.ts';
import { usageOf } from './process-usage.ts';
import { benchPipeline, copyRollouts, fillTopic, openRollout, passOf, rolloutPlan, stepsPerRollout } from './rollouts.ts';

const events = Math.ceil(Number(process.argv[2] ?? 100_000) / stepsPerRollout) * stepsPerRollout;
const goalPerSecond = 1000;
const queue = 100_000;
const goalMinutes = 3;
/** As many as the service uses for events: its pool without the one left to requests. */
const connections = 3;
const aloneSeconds = 3;
const idleHops = 300;
const hopSeconds = 15;
/** Verdicts in one commit of the sender, which has the same two cores as what is measured. */
const atOnce = 10;
const warmUpShare = 0.2;
const lookMs = 200;
/** Of one queue: a bench that hangs says so. */
const patienceMs = 20 * 60_000;
const rollouts = events / stepsPerRollout;

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);
const admin = new Kafka({ brokers: environment.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
await admin.connect();

async function start(tells = false): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'rollout-service.ts'), { env: { ...process.env, ...environment.envOf('deployment'), ...(tells ? { BENCH_TELLS: '1' } : {}) } });
  await once(child, 'message');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function endOffset(type: EventType): Promise<number> {
  const partitions = await admin.fetchTopicOffsets(environment.topicPrefix + eventCatalogue[type].topic).catch(() => []);
  return partitions.reduce((sum, { high }) => sum + Number(high), 0);
}

interface Drained {
  perSecond: number;
  /** Of the service, and of Kafka and Postgres together, for one decision. */
  cpuMs: { service: number; parts: number };
  megabytes: number;
}

/** Starts the service before a full queue and measures from the first event that it sent until it has sent one of this type for each. */
async function drain(written: EventType): Promise<Drained> {
  const before = await endOffset(written);
  const child = await start();
  const pid = child.pid ?? 0;
  let sent = 0;
  while (sent === 0) sent = (await endOffset(written)) - before;
  const [first, startedMs, cpu] = [sent, performance.now(), cpuOf(pid)];
  let megabytes = 0;
  while (sent < events) {
    await pause(lookMs);
    sent = (await endOffset(written)) - before;
    // Reading a process' memory page by page costs it time.
    if (sent > events / 2 && megabytes === 0) megabytes = usageOf(pid).residentMegabytes;
    if (performance.now() - startedMs > patienceMs) throw new Error(`${sent} of ${events} events are decided after ${patienceMs / 60_000} minutes`);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const now = cpuOf(pid);
  await end(child);
  if ((await endOffset(written)) - before !== events) throw new Error(`${events} events became ${(await endOffset(written)) - before} decisions`);
  const decided = events - first;
  return { perSecond: decided / seconds, cpuMs: { service: (now.service - cpu.service) / decided, parts: (now.parts - cpu.parts) / decided }, megabytes };
}

/** Kafka and Postgres are children of this process, as is the service. */
function cpuOf(pid: number): { service: number; parts: number } {
  const { user, system } = process.cpuUsage();
  const service = usageOf(pid).cpuMs;
  return { service, parts: usageOf(process.pid).cpuMs - service - (user + system) / 1000 };
}

async function bareRelay(type: EventType): Promise<{ perSecond: number; cpuMicros: number }> {
  const to = `bench.bare-${eventCatalogue[type].topic}`;
  await kafka.createTopics([to]);
  const args = ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'bare-relay.ts'), environment.brokers, environment.topicPrefix + eventCatalogue[type].topic, environment.topicPrefix + to, String(events)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as { perSecond: number; cpuMicros: number };
}

async function figuresOf(what: string, queued: EventType, { perSecond, cpuMs, megabytes }: Drained): Promise<Figure[]> {
  const alone = await bareRelay(queued);
  const postgres = await commitsAlone(environment.databaseUrl, connections, aloneSeconds);
  const minutes = queue / perSecond / 60;
  return [
    {
      what: `Decisions: ${what}, ${events.toLocaleString('en')} waiting in one partition, one process`,
      measured: `${shown(perSecond)}/s; CPU ${cpuMs.service.toFixed(2)} ms each in the service, ${cpuMs.parts.toFixed(2)} ms in Kafka and Postgres; ${megabytes.toFixed(0)} MB`,
      beside: `goal ${shown(goalPerSecond)}/s; kafkajs alone reads the queue and sends two messages for each at ${shown(alone.perSecond)}/s (${(alone.cpuMicros / 1000).toFixed(3)} ms of CPU); Postgres alone commits ${shown(postgres.perSecond)} rows/s over ${connections} connections`,
      ratio: `${(perSecond / goalPerSecond).toFixed(2)} of the goal; ${(postgres.perSecond / perSecond).toFixed(1)} commits of Postgres alone`,
    },
    {
      what: `The same: time to drain ${queue.toLocaleString('en')}`,
      measured: `${minutes.toFixed(1)} min${events === queue ? '' : `, reckoned from ${events.toLocaleString('en')}`}`,
      beside: `goal ${goalMinutes} min`,
      ratio: `${(minutes / goalMinutes).toFixed(2)} of the goal`,
    },
  ];
}

/** From the commit of a verdict in monitoring to the commit of the decision in deployment. */
async function hopFigures(perSecond: number): Promise<Figure[]> {
  const count = idleHops + Math.ceil(perSecond * hopSeconds);
  const numbers = Math.ceil(count / stepsPerRollout) + 1;
  await copyRollouts(environment, rollouts + 1, numbers);
  const plan = await rolloutPlan(environment);
  class SenderModule {}
  Module({ imports: [RuntimeModule.forService({ name: 'monitoring', rows: [], migrations: [] })] })(SenderModule);
  const sender = await runService(SenderModule, { env: environment.envOf('monitoring'), handleSignals: false });
  const work = sender.app.get(UnitOfWork);
  let sent = 0;
  const verdict = (index: number) => passOf(plan, rollouts + 1 + (index % numbers), Math.floor(index / numbers));
  const send: Send = (ids) => work.run(timerCause({ name: 'monitoring', project: 'default' }), (tx) => Promise.resolve(ids.map(() => tx.emit('millrace.monitoring.analysis.completed.v1', verdict(sent++)))));
  const child = await start(true);
  const arrivals = new Arrivals();
  arrivals.listenTo(child);
  const idle = await arrivals.oneAtATime(send, { name: 'idle', count: idleHops - 50, warmUp: 50, fromCommit: true });
  const loaded = await arrivals.evenly(send, { name: 'half', perSecond, seconds: hopSeconds, atOnce, fromCommit: true });
  await end(child);
  await sender.stop();
  return [hopFigure(`Hop of a verdict, ${idle.length} one at a time`, idle), hopFigure(`Hop of a verdict at ${perSecond}/s for ${hopSeconds} s, half of what was carried above, sent ten in a transaction`, loaded.slice(Math.floor(loaded.length * warmUpShare)))];
}

function hopFigure(what: string, ms: readonly number[]): Figure {
  const { p50, p99 } = percentilesOf(ms);
  return { what, measured: millisecondsText({ p50, p99 }), beside: 'goal p50 < 25 ms, p99 < 100 ms', ratio: `p50 ${(p50 / 25).toFixed(2)}, p99 ${(p99 / 100).toFixed(2)} of the goal` };
}

function shown(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en');
}

const first = await start();
await openRollout(environment, kafka);
await end(first);
await copyRollouts(environment, 1, rollouts);
const plan = await rolloutPlan(environment);
const [verdict, applied] = ['millrace.monitoring.analysis.completed.v1', 'millrace.registry.pipeline.applied.v1'] as const;
await fillTopic(kafka, verdict, events, (index) => passOf(plan, 1 + (index % rollouts), Math.floor(index / rollouts)));
const judged = await drain('millrace.deployment.rollout.stepped.v1');
const figures = await figuresOf('a step of a rollout is judged, its route moved', verdict, judged);
const definition = benchPipeline();
await fillTopic(kafka, applied, events, (index) => ({ pipeline: `default/bench-${index}`, version: 1, definition, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null }));
figures.push(...(await figuresOf('a pipeline is checked and answered', applied, await drain('millrace.deployment.pipeline-part.ready.v1'))));
report([...figures, ...(await hopFigures(Math.round(judged.perSecond / 2)))]);
await admin.disconnect();
await kafka.stop();
await stop();
process.exit(0);
