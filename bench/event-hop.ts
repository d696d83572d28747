/**
 * Event hop: from the commit in one service to the committed effect in another, over outbox, relay, a real Kafka, inbox and a Postgres that keeps what
 * it commits; idle and under a load of 200 and of 1,000 events/s. Beside it, in the same run: kafkajs alone from process to process, and one Postgres commit.
 * Run: `node bench/event-hop.ts [events]` after `npm run build`.
 */
import { commitsAlone } from './commits-alone.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { hopLine } from './hop-line.ts';
import type { Send } from './arrivals.ts';
import { millisecondsText, percentilesOf } from './percentiles.ts';
import type { Percentiles } from './percentiles.ts';

const events = Number(process.argv[2] ?? 2000);
const loadsPerSecond = [200, 1000];
const loadSeconds = 10;
const atOnce = 10;
const warmUp = 200;
const commitSeconds = 3;
/** Below this share of the rate the latency is that of a queue that grows. */
const keptUp = 0.95;

const { environment, stop } = await embeddedEnvironment();
const line = await hopLine(environment);

interface Loaded {
  latency: Percentiles;
  /** Arrivals each second from the first send to the last arrival. */
  perSecond: number;
}

/** Ten at a time. The first second warms up. */
async function underLoad(send: Send, name: string, perSecond: number, fromCommit: boolean): Promise<Loaded> {
  const startMs = performance.now();
  const measured = await line.arrivals.evenly(send, { name, perSecond, seconds: loadSeconds, atOnce, fromCommit });
  return { latency: percentilesOf(measured.slice(perSecond)), perSecond: measured.length / ((performance.now() - startMs) / 1000) };
}

const bareIdle = percentilesOf(await line.arrivals.oneAtATime(line.overKafka, { name: 'bare', count: events, warmUp, fromCommit: false }));
const commit = percentilesOf((await commitsAlone(environment.databaseUrl, 1, commitSeconds)).ms.slice(warmUp));
const idle = percentilesOf(await line.arrivals.oneAtATime(line.overMillrace, { name: 'hop', count: events, warmUp, fromCommit: true }));
const times = (above: number, below: number): string => `${(above / below).toFixed(1)} x`;
const figures: Figure[] = [
  { what: `Event hop, ${events} one at a time`, measured: millisecondsText(idle), beside: `kafkajs alone ${millisecondsText(bareIdle)}; one Postgres commit ${millisecondsText(commit)}`, ratio: `${times(idle.p50, bareIdle.p50 + commit.p50)} the sum of both` },
];
for (const perSecond of loadsPerSecond) {
  const bare = await underLoad(line.overKafka, `bare${perSecond}`, perSecond, false);
  const loaded = await underLoad(line.overMillrace, `load${perSecond}`, perSecond, true);
  figures.push({
    what: `Event hop at ${perSecond} events/s for ${loadSeconds} s, transactions of ten`,
    measured: `${millisecondsText(loaded.latency)}; ${loaded.perSecond.toFixed(0)} events/s came through`,
    beside: `kafkajs alone ${millisecondsText(bare.latency)}`,
    ratio: loaded.perSecond < keptUp * perSecond ? 'did not keep up' : times(loaded.latency.p50, bare.latency.p50),
  });
}
report(figures);
await line.stop();
await stop();
process.exit(0);
