/**
 * Event hop (see event-hop.ts) at 50 events/s while ingestion takes 10 MB/s of records into a data set, and while a second process of the receiving service joins its group and leaves
 * it; real Kafka and Postgres. Beside it, at the same time: kafkajs alone on the same broker, whose consumer joins and leaves at the same moments.
 * Run: `node bench/disturbed-hop.ts [seconds of each, default 30] [MB/s, default 10]` after `npm run build`.
 */
import { spawn } from 'node:child_process';
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
import { endReceiver, hopLine } from './hop-line.ts';
import { percentilesOf } from './percentiles.ts';
import { wideRecords } from './record-shapes.ts';

const [seconds = 30, megabytesPerSecond = 10] = process.argv.slice(2).map(Number);
const perSecond = 50;
const goal = { p50: 25, p99: 100 };
const settleMs = 5_000;
const dataSet = 'load';

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);
const line = await hopLine(environment);

/** Both lines at an even pace until what disturbs them is over. */
async function during(name: string, disturb: () => Promise<string>): Promise<Figure> {
  let isOver = false;
  const load = { perSecond, seconds: Infinity };
  const lines = Promise.all([
    line.arrivals.evenly(line.overMillrace, { ...load, name: `${name}-hop`, fromCommit: true }, () => isOver),
    line.arrivals.evenly(line.overKafka, { ...load, name: `${name}-bare`, fromCommit: false }, () => isOver),
  ]);
  const note = await disturb();
  isOver = true;
  const [hops, bare] = await lines;
  const { p50, p99 } = percentilesOf(hops);
  return {
    what: `Event hop at ${perSecond}/s, ${name}`,
    measured: `${shown(hops)}${note}`,
    beside: `kafkajs alone at the same time ${shown(bare)}; goal p50 < ${goal.p50} ms, p99 < ${goal.p99} ms`,
    ratio: `p50 ${(p50 / goal.p50).toFixed(2)}, p99 ${(p99 / goal.p99).toFixed(2)} of the goal`,
  };
}

function shown(ms: readonly number[]): string {
  const { p50, p99 } = percentilesOf(ms);
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(0)} ms, longest ${Math.max(...ms).toFixed(0)} ms`;
}

function node(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; line(): Promise<string> } {
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, script), ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout });
  return { child, line: async () => String((await once(lines, 'line'))[0]) };
}

const taken = async (): Promise<number> => Number((await environment.query<{ n: string }>('select coalesce(sum(next_offset), 0) as n from ingestion.partition_positions where data_set = $1', [`default/${dataSet}`]))[0]?.n ?? 0);

/** Ingestion and validation make versions of what a producer sends. */
async function underDataLoad(): Promise<string> {
  const producer = node('data-load.ts', [environment.brokers, `${environment.topicPrefix}millrace.data.default.${dataSet}`, String(megabytesPerSecond * 1e6)]);
  await pause(1000 * seconds);
  const consumed = await taken();
  producer.child.kill('SIGTERM');
  const { sent, bytesPerSecond } = JSON.parse(await producer.line()) as { sent: number; bytesPerSecond: number };
  return `; ${(bytesPerSecond / 1e6).toFixed(1)} MB/s were sent, of which ingestion had staged ${((100 * consumed) / sent).toFixed(0)} % at the end`;
}

async function rebalance(): Promise<string> {
  await pause(settleMs);
  const second = await line.addReceiver();
  await pause((1000 * seconds) / 2);
  await endReceiver(second);
  await pause((1000 * seconds) / 2);
  return '';
}

await line.arrivals.oneAtATime(line.overMillrace, { name: 'warm', count: 100, warmUp: 0, fromCommit: true });
await line.arrivals.oneAtATime(line.overKafka, { name: 'warm', count: 100, warmUp: 0, fromCommit: false });
const calm = await during('nothing else', async () => {
  await pause((1000 * seconds) / 2);
  return '';
});
const rebalanced = await during('while a second process of the service joins its group and leaves it', rebalance);
await kafka.createTopics([`millrace.data.default.${dataSet}`]);
const services = node('records-services.ts', ['versions'], { ...environment.envOf('ingestion'), ...environment.envOf('validation') });
await services.line();
await activatePipeline(kafka, dataSet, wideRecords());
report([calm, await during(`while ${megabytesPerSecond} MB/s of records of 2 kB go into a data set`, underDataLoad), rebalanced]);
services.child.kill('SIGTERM');
await once(services.child, 'exit');
await line.stop();
await kafka.stop();
await stop();
process.exit(0);
