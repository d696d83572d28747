/**
 * Records per second consumed, checked, passed on to the accepted topic and staged as Parquet by ingestion, and from the topic to a published version (ingestion and
 * validation in one process), against a kafkajs consumer in a process of its own that does nothing with the same records; real Kafka and Postgres.
 * Run: `node bench/records-to-version.ts [records of 200 B] [records of 2 kB]` after `npm run build`.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TestKafka } from '@millrace/testing';
import { activatePipeline } from './activate-pipeline.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { usageOf } from './process-usage.ts';
import { shortRecords, wideRecords } from './record-shapes.ts';
import type { RecordShape } from './record-shapes.ts';

const [shortCount = 1_000_000, wideCount = 100_000] = process.argv.slice(2).map(Number);
const requestBytes = 800_000;

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);

interface Measured {
  perSecond: number;
  cpuMicros: number;
  residentMegabytes: number;
}

async function fill(topic: string, { recordOf }: RecordShape, count: number): Promise<void> {
  await kafka.createTopics([topic]);
  const portion = Math.floor(requestBytes / (recordOf(0).length + 40));
  for (let sent = 0; sent < count; sent += portion) {
    await kafka.sendRecords(topic, Array.from({ length: Math.min(portion, count - sent) }, (_, index) => ({ key: `r${sent + index}`, value: recordOf(sent + index) })));
  }
}

async function bare(topic: string, count: number, partitionFetchBytes: number): Promise<Pick<Measured, 'perSecond' | 'cpuMicros'>> {
  const args = ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'bare-consumer.ts'), environment.brokers, environment.topicPrefix + topic, String(count), String(partitionFetchBytes)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Measured;
}

/** Starts the services, activates a pipeline and measures from the first record taken until a query counts all of them. */
async function measure(name: string, shape: RecordShape, count: number, mode: 'staged' | 'versions', counted: string): Promise<Measured> {
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'records-services.ts'), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment.envOf('ingestion'), ...environment.envOf('validation'), MILLRACE_LOG_LEVEL: 'warn' },
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  await activatePipeline(kafka, name, shape);
  while ((await recordsTaken(url)) === 0) await pause(10);
  const [startedMs, usage] = [performance.now(), usageOf(child.pid ?? 0)];
  let residentMegabytes = 0;
  const total = async (): Promise<number> => Number((await environment.query<{ n: string }>(counted, [`default/${name}`]))[0]?.n ?? 0);
  // Memory is asked for seldom: adding up the pages of a process takes milliseconds of a core that is measured here.
  for (let asks = 1; (await total()) < count; asks += 1) {
    await pause(100);
    if (asks % 10 === 0) residentMegabytes = Math.max(residentMegabytes, usageOf(child.pid ?? 0).residentMegabytes);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const last = usageOf(child.pid ?? 0);
  const cpuMs = last.cpuMs - usage.cpuMs;
  residentMegabytes = Math.max(residentMegabytes, last.residentMegabytes);
  await end(child);
  return { perSecond: count / seconds, cpuMicros: (1000 * cpuMs) / count, residentMegabytes };
}

async function recordsTaken(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^millrace_ingestion_records_total\{outcome="accepted"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const stagedRows = 'select coalesce(sum(next_offset), 0) as n from ingestion.partition_positions where data_set = $1';
const publishedRows = 'select total_rows as n from ingestion.data_sets where data_set = $1';

/** @param goal share of kafkajs' records per second that is aimed at for staged records */
async function figuresOf(shape: RecordShape, count: number, prefix: string, goal: string): Promise<Figure[]> {
  const [staged, published] = [`${prefix}-staged`, `${prefix}-published`];
  for (const name of [staged, published]) await fill(`millrace.data.default.${name}`, shape, count);
  const alone = await bare(`millrace.data.default.${staged}`, count, 2 ** 20);
  const alike = await bare(`millrace.data.default.${staged}`, count, 4 * 2 ** 20);
  const beside = `kafkajs alone, with its defaults, reads the same topic at ${shown(alone.perSecond)} records/s (${alone.cpuMicros.toFixed(1)} us of CPU each); with fetches of Millrace's size at ${shown(alike.perSecond)}`;
  const shareOf = (all: number, part: number): string => `${((100 * part) / all).toFixed(0)} %`;
  const row = (what: string, { perSecond, cpuMicros, residentMegabytes }: Measured): Figure => ({
    what: `Records of ${shape.name} ${what} (${count.toLocaleString('en')} waiting in one partition)`,
    measured: `${shown(perSecond)} records/s, ${cpuMicros.toFixed(1)} us of CPU each, ${residentMegabytes.toFixed(0)} MB`,
    beside,
    ratio: `${shareOf(alone.perSecond, perSecond)} of kafkajs (goal ${goal}); ${shareOf(alike.perSecond, perSecond)} with larger fetches`,
  });
  return [row('consumed, checked, passed on and staged', await measure(staged, shape, count, 'staged', stagedRows)), row('to a published version', await measure(published, shape, count, 'versions', publishedRows))];
}

function shown(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en');
}

report([...(await figuresOf(shortRecords(200), shortCount, 'short', '50 %')), ...(await figuresOf(wideRecords(), wideCount, 'wide', '25 %'))]);
await kafka.stop();
await stop();
process.exit(0);
