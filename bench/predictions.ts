/**
 * One-row predictions by Open Inference Protocol v2 at 500 requests/s for 10 s, with sign-in, online features and the prediction log, while the platform
 * publishes and watches that log: at inference's own door and through the gateway. Beside it, in the same run: Node's HTTP alone.
 * All services in one process, and one process per service.
 * Run: `node bench/predictions.ts` after `npm run build`; it trains and rolls out the seeded example first (twice, about half a minute each). Linux only.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot, resetHome, startPlatform } from '@millrace/infra';
import type { RunningPlatform } from '@millrace/infra';
import { generateMachineDays } from '../examples/machine-wear/generate.ts';
import { PlatformClient } from '../examples/replay/platform-client.ts';
import { PublicEvents } from '../examples/replay/public-events.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { millisecondsText, percentilesOf } from './percentiles.ts';
import type { Percentiles } from './percentiles.ts';
import { usageOf } from './process-usage.ts';
import type { Usage } from './process-usage.ts';
import { steadyLoad } from './steady-load.ts';

const perSecond = 500;
const seconds = 10;
const warmUpSeconds = 3;
const launchDays = 10;
const patienceMs = 120_000;
const tensors = { reading_id: 'BYTES', event_time: 'BYTES', machine_id: 'BYTES', product: 'BYTES', temperature_c: 'FP64', load_ratio: 'FP64', coolant_pressure_bar: 'FP64' } as const;

const days = [...generateMachineDays({ days: launchDays + 1, conceptChangeDay: undefined })];
const rows = days.at(-1)?.readings ?? [];

function bodyOf(index: number): string {
  const row = { ...rows[index % rows.length], reading_id: `bench-${index}` } as Record<string, string | number>;
  return JSON.stringify({ inputs: Object.entries(tensors).map(([name, datatype]) => ({ name, datatype, shape: [1, 1], data: [row[name]] })) });
}

/** Applies the seeded example, publishes its first ten days, and waits until its first version serves. */
async function serveFirstVersion(platform: RunningPlatform, home: string): Promise<void> {
  const program = join(projectRoot, 'libs/cli/bin/millrace.mjs');
  const env = { ...process.env, MILLRACE_HOME: home };
  await promisify(execFile)(process.execPath, [program, 'apply', '-f', join(projectRoot, 'examples/machine-wear/pipeline.yaml'), '--wait'], { env });
  const brokers = platform.kafkaBrokers.split(',');
  const client = await PlatformClient.connect(platform.urls.gateway, platform.adminToken, { brokers });
  const events = await PublicEvents.follow({ brokers });
  for (const { readings, outcomes } of days.slice(0, launchDays)) {
    await client.publish('machine-readings', readings.map((row) => ({ key: row.reading_id, value: JSON.stringify(row) })));
    await client.publish('machine-outcomes', outcomes.map((row) => ({ key: row.reading_id, value: JSON.stringify(row) })));
  }
  await events.first('the first version to be served', patienceMs, ({ type }) => type === 'millrace.deployment.rollout.completed.v1');
  await Promise.all([events.stop(), client.close()]);
  await untilServed(platform);
}

async function untilServed({ urls, adminToken }: RunningPlatform): Promise<void> {
  const deadlineMs = Date.now() + patienceMs;
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  while (!(await fetch(`${urls.gateway}${path}`, { method: 'POST', headers, body: bodyOf(0) })).ok) {
    if (Date.now() > deadlineMs) throw new Error('The first version is rolled out and does not answer');
    await pause(100);
  }
}

const path = '/v2/models/default.machine-wear/infer';

interface Measured {
  latency: Percentiles;
  /** CPU time for each request, by process, of those asked about. */
  cpuMs: Record<string, number>;
  /** Share of the time, 0 to 1, that the main threads of these processes stood in the queue for a core, the largest. */
  queuedRatio: number;
}

async function measure(url: string, token: string, processes: Record<string, number>): Promise<Measured> {
  const load = { url, headers: { authorization: `Bearer ${token}` }, bodyOf, perSecond };
  await steadyLoad({ ...load, seconds: warmUpSeconds });
  const names = Object.keys(processes);
  const usages = (): Usage[] => Object.values(processes).map(usageOf);
  const [before, startMs] = [usages(), performance.now()];
  const measured = await steadyLoad({ ...load, seconds });
  const [after, elapsedMs] = [usages(), performance.now() - startMs];
  const grown = (field: keyof Usage): number[] => after.map((usage, index) => usage[field] - (before[index]?.[field] ?? 0));
  const cpuMs = Object.fromEntries(grown('cpuMs').map((ms, index) => [names[index], ms / (perSecond * seconds)]));
  return { latency: percentilesOf(measured), cpuMs, queuedRatio: Math.max(...grown('queuedMs')) / elapsedMs };
}

async function bareHttp(): Promise<Measured> {
  const server = fork(join(import.meta.dirname, 'bare-http-server.ts'));
  const [url] = (await once(server, 'message')) as [string];
  const measured = await measure(url, 'none', { node: server.pid ?? 0 });
  server.kill();
  return measured;
}

/** A service's own door takes a short-lived token; the gateway exchanges the API token for one. */
async function shortLivedToken({ urls, adminToken }: RunningPlatform): Promise<string> {
  const response = await fetch(`${urls.governance}/token-exchanges`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }, body: '{}' });
  if (!response.ok) throw new Error(`The token was not exchanged: ${await response.text()}`);
  return ((await response.json()) as { jwt: string }).jwt;
}

function figureOf(door: string, compact: boolean, { latency, cpuMs, queuedRatio }: Measured, bare: Measured): Figure {
  const cpuText = Object.entries(cpuMs).map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ');
  return {
    what: `One-row prediction at ${perSecond}/s ${door}${compact ? ', one process' : ', one process per service'}`,
    measured: `${millisecondsText(latency)}; CPU ms a request: ${cpuText}; ${(100 * queuedRatio).toFixed(0)} % of the time in the queue for a core`,
    beside: `Node's HTTP alone ${millisecondsText(bare.latency)}, CPU ${(bare.cpuMs['node'] ?? NaN).toFixed(2)} ms`,
    ratio: `${(Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0) / (bare.cpuMs['node'] ?? NaN)).toFixed(1)} x the CPU`,
  };
}

async function measureMode(compact: boolean): Promise<Figure[]> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const platform = await startPlatform({ home, compact, freePorts: true });
  try {
    await serveFirstVersion(platform, home);
    const pidOf = (name: string): number => platform.parts().find((part) => part.name === name)?.pid ?? 0;
    const processes: Record<string, number> = compact ? { services: pidOf('services') } : { inference: pidOf('inference'), gateway: pidOf('gateway') };
    const bare = await bareHttp();
    const own = await measure(`${platform.urls.inference}${path}`, await shortLivedToken(platform), processes);
    const door = await measure(`${platform.urls.gateway}${path}`, platform.adminToken, processes);
    return [figureOf("at inference's own door", compact, own, bare), figureOf('through the gateway', compact, door, bare)];
  } finally {
    await platform.stop();
    await resetHome(home);
  }
}

report([...(await measureMode(true)), ...(await measureMode(false))]);
process.exit(0);
