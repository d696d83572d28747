/**
 * `npm run test:outage -- --minutes 5`: predictions while everything but inference is gone, see docs/fault-campaigns.md. Exit code 0: every prediction was answered and says how
 * stale it is, and no durable one is missing afterwards.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot, resetHome } from '@millrace/infra';
import { Journal } from './load/journal.ts';
import { lightPipelines } from './load/light-pipeline.ts';
import { Load } from './load/load.ts';
import { PatientClient } from './load/patient-client.ts';
import { RecordSender } from './load/record-sender.ts';
import { missingAfterwards, predictThroughOutage } from './outage.ts';
import { FaultyPlatform } from './platform/faulty-platform.ts';
import { Timeline } from './timeline.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, every: { type: 'string', default: '10' } } });
const outageMs = Number(values.minutes) * 60_000;
const everyMs = Number(values.every);
const seed = 1;
const home = resolve(process.env['MILLRACE_HOME'] ?? join(projectRoot, '.millrace'), 'outage');
const pipelines = lightPipelines.slice(0, 2);

await resetHome(home).catch(() => undefined);
rmSync(home, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
const timeline = new Timeline(`${home}.log`, (line) => console.log(line));
const platform = await FaultyPlatform.start({ home, replicas: {}, onLine: (line, part) => timeline.note(part, line) });
const client = new PatientClient(platform.running.urls.gateway, platform.running.adminToken);
const sender = new RecordSender(`127.0.0.1:${platform.proxies.kafka.port}`);
const loads = pipelines.map((pipeline) => new Load({ seed, client, sender, journal: new Journal(), tickMs: 1_000 }, pipeline));
await Promise.all(loads.map((load) => load.begin()));
await sender.stop();
const outcome = await predictThroughOutage(platform, { seed, outageMs, everyMs, pipelines, timeline });
await platform.stop();
const missing = await missingAfterwards(home, pipelines, outcome.durable);

console.log(`${outcome.answered} of ${outcome.asked} predictions answered in ${values.minutes} minutes without Kafka, Postgres and all other services; p99 ${outcome.latencyP99Ms.toFixed(0)} ms; the last one says it is ${outcome.lastStaleMs} ms stale`);
console.log(`${outcome.durable.length} durable predictions; ${missing.length} of them missing in the log after inference was killed and everything came back`);
for (const { check, detail } of outcome.findings.slice(0, 20)) console.log(`  ${check}: ${detail}`);
await resetHome(home);
rmSync(home, { recursive: true, force: true });
process.exit(outcome.findings.length === 0 && missing.length === 0 && outcome.answered === outcome.asked ? 0 : 1);
