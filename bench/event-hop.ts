/**
 * Event hop: from the commit in one service to the committed effect in another, over outbox, relay, a real Kafka, inbox and a Postgres that keeps what
 * it commits; idle and under a load of 200 and of 1,000 events/s. Beside it, in the same run: kafkajs alone from process to process, and one Postgres commit.
 * Run: `node bench/event-hop.ts [events]` after `npm run build`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RuntimeModule, runService, timerCause, UnitOfWork } from '@millrace/runtime';
import { TestKafka } from '@millrace/testing';
import { Module } from '@nestjs/common';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { millisecondsText, percentilesOf } from './percentiles.ts';
import type { Percentiles } from './percentiles.ts';

const events = Number(process.argv[2] ?? 2000);
const loadsPerSecond = [200, 1000];
const loadSeconds = 10;
const atOnce = 10;
const pipelines = 100;
const warmUp = 200;
/** Below this share of the rate the latency is that of a queue that grows. */
const keptUp = 0.95;
const bareTopic = 'bench.bare';

const { environment, stop } = await embeddedEnvironment();
await new TestKafka(environment).createTopics([bareTopic]);
const receiver = fork(join(import.meta.dirname, 'event-hop-receiver.ts'), {
  env: { ...process.env, ...environment.envOf('deployment'), BENCH_BROKERS: environment.brokers, BENCH_BARE_TOPIC: environment.topicPrefix + bareTopic },
});
await once(receiver, 'message');

const arrivals = new Map<string, (atNs: bigint) => void>();
receiver.on('message', ({ id, atNs }: { id: string; atNs: string }) => arrivals.get(id)?.(BigInt(atNs)));
const arrivalOf = (id: string): Promise<bigint> => new Promise((resolve) => arrivals.set(id, resolve));

class SenderModule {}
Module({ imports: [RuntimeModule.forService({ name: 'training', rows: [], migrations: [] })] })(SenderModule);
const sender = await runService(SenderModule, { env: environment.envOf('training'), handleSignals: false });
const work = sender.app.get(UnitOfWork);
const producer = new Kafka({ brokers: environment.brokers.split(','), logLevel: logLevel.NOTHING }).producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();

/** Sends what has these ids; resolves when it is committed or acknowledged. */
type Send = (ids: readonly string[]) => Promise<unknown>;

const overMillrace: Send = (ids) =>
  work.run(timerCause({ name: 'training', project: 'default' }), (tx) => {
    for (const id of ids) tx.emit('millrace.training.hold.placed.v1', { pipeline: `default/p${Number(id.split('-')[1]) % pipelines}`, hold: id, incident: 'default/bench', because: [] });
    return Promise.resolve();
  });
const overKafka: Send = (ids) => producer.send({ topic: environment.topicPrefix + bareTopic, acks: -1, messages: ids.map((id) => ({ key: String(Number(id.split('-')[1]) % pipelines), value: id })) });

/** Milliseconds from before the send to the arrival (`fromCommit`: from its commit). */
async function hops(send: Send, ids: readonly string[], fromCommit: boolean): Promise<number[]> {
  const arrived = ids.map(arrivalOf);
  const beforeNs = process.hrtime.bigint();
  await send(ids);
  const startNs = fromCommit ? process.hrtime.bigint() : beforeNs;
  return (await Promise.all(arrived)).map((atNs) => Number(atNs - startNs) / 1e6);
}

async function oneAtATime(send: Send, name: string, fromCommit: boolean): Promise<Percentiles> {
  const measured: number[] = [];
  for (let index = 0; index < warmUp + events; index += 1) measured.push(...(await hops(send, [`${name}-${index}`], fromCommit)));
  return percentilesOf(measured.slice(warmUp));
}

interface Loaded {
  latency: Percentiles;
  /** Arrivals each second from the first send to the last arrival. */
  perSecond: number;
}

/** Ten at a time at an even pace, whether or not the earlier ones have arrived. The first second warms up. */
async function underLoad(send: Send, name: string, perSecond: number, fromCommit: boolean): Promise<Loaded> {
  const startMs = performance.now();
  const under: Promise<number[]>[] = [];
  for (let first = 0; first < perSecond * loadSeconds; first += atOnce) {
    await pause(Math.max(0, startMs + (first * 1000) / perSecond - performance.now()));
    under.push(hops(send, Array.from({ length: atOnce }, (_, index) => `${name}-${first + index}`), fromCommit));
  }
  const measured = (await Promise.all(under)).flat();
  return { latency: percentilesOf(measured.slice(perSecond)), perSecond: measured.length / ((performance.now() - startMs) / 1000) };
}

async function commitAlone(): Promise<Percentiles> {
  const client = new pg.Client({ connectionString: environment.databaseUrl });
  await client.connect();
  await client.query('create table bench_commits (id integer)');
  const measured: number[] = [];
  for (let index = 0; index < warmUp + events; index += 1) {
    const startMs = performance.now();
    await client.query('insert into bench_commits values ($1)', [index]);
    measured.push(performance.now() - startMs);
  }
  await client.end();
  return percentilesOf(measured.slice(warmUp));
}

const bareIdle = await oneAtATime(overKafka, 'bare', false);
const commit = await commitAlone();
const idle = await oneAtATime(overMillrace, 'hop', true);
const times = (above: number, below: number): string => `${(above / below).toFixed(1)} x`;
const figures: Figure[] = [
  { what: `Event hop, ${events} one at a time`, measured: millisecondsText(idle), beside: `kafkajs alone ${millisecondsText(bareIdle)}; one Postgres commit ${millisecondsText(commit)}`, ratio: `${times(idle.p50, bareIdle.p50 + commit.p50)} the sum of both` },
];
for (const perSecond of loadsPerSecond) {
  const bare = await underLoad(overKafka, `bare${perSecond}`, perSecond, false);
  const loaded = await underLoad(overMillrace, `load${perSecond}`, perSecond, true);
  figures.push({
    what: `Event hop at ${perSecond} events/s for ${loadSeconds} s, transactions of ten`,
    measured: `${millisecondsText(loaded.latency)}; ${loaded.perSecond.toFixed(0)} events/s came through`,
    beside: `kafkajs alone ${millisecondsText(bare.latency)}`,
    ratio: loaded.perSecond < keptUp * perSecond ? 'did not keep up' : times(loaded.latency.p50, bare.latency.p50),
  });
}
report(figures);
await producer.disconnect();
await sender.stop();
receiver.kill('SIGTERM');
await once(receiver, 'exit');
await stop();
process.exit(0);
