/**
 * How long other data sets wait while one is added, at 1,000 data sets: ingestion in a process of its own, a record a 20 ms to one data set of the same lane and to one of
 * another, read back from their accepted topics; the longest gap while the data set is added against the longest before. Run: `node bench/lane-pause.ts [data sets] [lanes]` after `npm run build`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { TestKafka } from '@millrace/testing';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';
import { usageOf } from './process-usage.ts';
import { pipelineOf, shortRecords } from './record-shapes.ts';

const [dataSets = 1000, lanes = 16] = process.argv.slice(2).map(Number);
const everyMs = 20;
const quietMs = 10_000;
const shape = shortRecords(200);

/** As ingestion's `laneOf`. */
function laneOf(dataSet: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(dataSet)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % lanes;
}

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);
const names = Array.from({ length: dataSets }, (_, index) => `set-${index}`);
const topicOf = (name: string): string => `millrace.data.default.${name}`;
const [newcomer = ''] = Array.from({ length: 99 }, (_, index) => `newcomer-${index}`).filter((name) => laneOf(`default/${name}`) === laneOf('default/set-0'));
const neighbour = 'set-0';
const stranger = names.find((name) => laneOf(`default/${name}`) !== laneOf('default/set-0')) ?? '';

const service = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, 'records-services.ts'), 'staged'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, ...environment.envOf('ingestion'), MILLRACE_INGESTION_LANES: String(lanes), MILLRACE_LOG_LEVEL: 'warn' },
});
const [url] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];

/** Puts active data sets into ingestion's table, as a thousand applied pipelines would have. */
async function insert(some: readonly string[]): Promise<void> {
  const rows = some.map((name) => {
    const pipeline = pipelineOf(name, shape);
    const definition = pipeline.dataSets[0];
    return { data_set: `default/${name}`, pipeline: pipeline.id, definition, columns: definition?.columns };
  });
  await environment.query(
    `insert into ingestion.data_sets (data_set, project, pipeline, kind, pipeline_version, definition, columns, version, total_rows, watermark)
     select data_set, 'default', pipeline, 'records', 1, definition, columns, null, 0, null from jsonb_to_recordset($1) as row (data_set text, pipeline text, definition jsonb, columns jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function joins(): Promise<number[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return [...metrics.matchAll(/^millrace_lane_joins\{[^}]*\} (\d+)/gm)].map(([, count]) => Number(count));
}

await kafka.createTopics([...names, newcomer].flatMap((name) => [topicOf(name), `${topicOf(name)}.accepted`]));
await insert(names);
while ((await joins()).filter((count) => count > 0).length < lanes) await pause(200);
const seen = { [neighbour]: await kafka.collect(`${topicOf(neighbour)}.accepted`), [stranger]: await kafka.collect(`${topicOf(stranger)}.accepted`) };
const arrivals: Record<string, number[]> = { [neighbour]: [], [stranger]: [] };
let isRunning = true;
let sent = 0;
const sending = (async () => {
  for (; isRunning; sent += 1) {
    for (const name of [neighbour, stranger]) await kafka.sendRecords(topicOf(name), [{ key: `r${sent}`, value: shape.recordOf(sent) }]);
    await pause(everyMs);
  }
})();
const watching = (async () => {
  while (isRunning) {
    for (const [name, records] of Object.entries(seen)) {
      const known = arrivals[name] ?? [];
      while (known.length < records.length) known.push(performance.now());
    }
    await pause(2);
  }
})();

function longestGapMs(name: string, fromMs: number): number {
  const times = (arrivals[name] ?? []).filter((time) => time >= fromMs);
  return times.slice(1).reduce((longest, time, index) => Math.max(longest, time - (times[index] ?? time)), 0);
}

while ((arrivals[stranger]?.length ?? 0) < 20 || (arrivals[neighbour]?.length ?? 0) < 20) await pause(100);
const quietFromMs = performance.now();
const cpuBefore = usageOf(service.pid ?? 0).cpuMs;
await pause(quietMs);
const before = [neighbour, stranger].map((name) => longestGapMs(name, quietFromMs));
const cpuPercent = (100 * (usageOf(service.pid ?? 0).cpuMs - cpuBefore)) / quietMs;
const addedFromMs = performance.now();
const joinsBefore = (await joins()).reduce((sum, count) => sum + count, 0);
await insert([newcomer]);
await kafka.sendRecords(topicOf(newcomer), [{ key: 'r0', value: shape.recordOf(0) }]);
const came = await kafka.collect(`${topicOf(newcomer)}.accepted`);
while (came.length === 0) await pause(50);
await pause(2_000);
const during = [neighbour, stranger].map((name) => longestGapMs(name, addedFromMs));
const joined = (await joins()).reduce((sum, count) => sum + count, 0) - joinsBefore;
const memory = usageOf(service.pid ?? 0).residentMegabytes;
isRunning = false;
await Promise.all([sending, watching]);
const shown = (value?: number): string => `${(value ?? 0).toFixed(0)} ms`;
report([
  {
    what: `Pause of other data sets while one is added, ${dataSets.toLocaleString('en')} data sets in ${lanes} lanes`,
    measured: `same lane ${shown(during[0])}, another lane ${shown(during[1])}; ${joined} lane joined again; ingestion takes ${memory.toFixed(0)} MB and ${cpuPercent.toFixed(0)} % of a core at 100 records/s`,
    beside: `longest gap in ${quietMs / 1000} s before: same lane ${shown(before[0])}, another ${shown(before[1])}`,
    ratio: '',
  },
]);
service.kill('SIGTERM');
await once(service, 'exit');
await kafka.stop();
await stop();
process.exit(0);
