/**
 * Start-up time, and memory, CPU and connections of a platform at rest with an active pipeline, from 30 s after its start over 30 s: one process per service, and all
 * services in one (`--compact`). Run: `node bench/at-rest.ts` after `npm run build`. Linux only.
 */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot, resetHome, startPlatform } from '@millrace/infra';
import type { RunningPlatform } from '@millrace/infra';
import { bareConnections } from './bare-connections.ts';
import { connectionsOf } from './connections-of.ts';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { usageOf } from './process-usage.ts';

const settleMs = 30_000;
const watchMs = 30_000;

interface AtRest {
  name: string;
  cpuPercent: number;
  megabytes: number;
  kafkaConnections: number;
  postgresConnections: number;
}

interface ModeResult {
  firstStartSeconds: number;
  secondStartSeconds: number;
  parts: AtRest[];
  /** Of one consumer and one producer of kafkajs alone to Kafka. */
  bare: number;
}

async function measureMode(compact: boolean): Promise<ModeResult> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const first = await timedStart(home, compact);
  await apply(home, first.platform);
  await first.platform.stop();
  const second = await timedStart(home, compact);
  await pause(settleMs);
  const parts = await watch(second.platform);
  const bare = await bareConnections(second.platform.kafkaBrokers);
  await second.platform.stop();
  await resetHome(home);
  return { firstStartSeconds: first.seconds, secondStartSeconds: second.seconds, parts, bare };
}

async function timedStart(home: string, compact: boolean): Promise<{ platform: RunningPlatform; seconds: number }> {
  const startedMs = performance.now();
  const platform = await startPlatform({ home, compact, freePorts: true });
  return { platform, seconds: (performance.now() - startedMs) / 1000 };
}

async function apply(home: string, { urls }: RunningPlatform): Promise<void> {
  const program = join(projectRoot, 'libs/cli/bin/millrace.mjs');
  await promisify(execFile)(process.execPath, [program, 'apply', '-f', join(projectRoot, 'examples/machine-wear/pipeline.yaml'), '--wait'], {
    env: { ...process.env, MILLRACE_HOME: home, MILLRACE_URL: urls.gateway },
  });
}

async function watch(platform: RunningPlatform): Promise<AtRest[]> {
  const processes = platform.parts().flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
  const before = processes.map(({ pid }) => usageOf(pid));
  await pause(watchMs);
  return processes.map(({ name, pid }, index) => {
    const { cpuMs, residentMegabytes } = usageOf(pid);
    const kafkaConnections = connectionsOf(pid, Number(platform.kafkaBrokers.split(':')[1]));
    const postgresConnections = connectionsOf(pid, Number(new URL(platform.postgresUrl).port));
    return { name, cpuPercent: (100 * (cpuMs - (before[index]?.cpuMs ?? 0))) / watchMs, megabytes: residentMegabytes, kafkaConnections, postgresConnections };
  });
}

function figuresOf(mode: string, { firstStartSeconds, secondStartSeconds, parts, bare }: ModeResult): Figure[] {
  const cpuPercent = parts.reduce((sum, part) => sum + part.cpuPercent, 0);
  const megabytes = parts.reduce((sum, part) => sum + part.megabytes, 0);
  const sum = (field: 'kafkaConnections' | 'postgresConnections'): number => parts.reduce((total, part) => total + part[field], 0);
  const each = (value: (part: AtRest) => string): string => parts.map((part) => `${part.name} ${value(part)}`).join(', ');
  return [
    { what: `Start to ready, ${mode}`, measured: `${firstStartSeconds.toFixed(1)} s in a new home, ${secondStartSeconds.toFixed(1)} s in one with a pipeline`, beside: '', ratio: '' },
    { what: `CPU at rest, ${mode}`, measured: `${cpuPercent.toFixed(1)} % of one core (${each((part) => part.cpuPercent.toFixed(1))})`, beside: 'goal 10 %', ratio: `${(cpuPercent / 10).toFixed(2)} of the goal` },
    { what: `Connections at rest, ${mode}`, measured: `${sum('kafkaConnections')} to Kafka, ${sum('postgresConnections')} to Postgres (${each((part) => `${part.kafkaConnections} and ${part.postgresConnections}`)})`, beside: `one consumer and one producer of kafkajs alone hold ${bare} to Kafka`, ratio: '' },
    { what: `Memory at rest, ${mode}`, measured: `${megabytes.toFixed(0)} MB (${each((part) => part.megabytes.toFixed(0))})`, beside: '', ratio: '' },
  ];
}

const separate = await measureMode(false);
const compact = await measureMode(true);
report([...figuresOf('one process per service', separate), ...figuresOf('all services in one process', compact)]);
process.exit(0);
