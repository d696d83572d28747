import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaAccess } from '@millrace/contracts';
import type { KafkaGrant } from '@millrace/contracts';
import { kafkaClientOf, keepOutsideUser, startPlatform } from '@millrace/infra';
import { eventually } from '@millrace/testing';
import { generateMachineDays, type MachineDay } from '../examples/machine-wear/generate.ts';
import { PlatformClient } from '../examples/replay/platform-client.ts';
import { PublicEvents, type PublicEvent } from '../examples/replay/public-events.ts';
import { Replay, type ReplayDay } from '../examples/replay/replay.ts';
import { subscribe } from '../examples/strangers/run-stranger.ts';
import { accessLogOf } from './kafka-access-log.ts';

const pipeline = 'default/machine-wear';
const launchDays = 10;
const changeDay = 20;
const psiDays = { fromDay: 38, toDay: 40 };
const lastDay = 46;
const lifecycleTopics = kafkaAccess.openTopics.read.filter((topic) => !topic.includes('{'));
const type = (name: string): string => `millrace.${name}.v1`;

/**
 * The whole platform, ten services on a real Kafka, Postgres and object store, driven only from outside, as the flights demo does. Access is switched on:
 * every service signs in over TLS and may do what the contracts say it needs, as may the workshop that sends the data.
 */
describe('the cascade on the seeded example', () => {
  const home = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const days = [...generateMachineDays({ days: lastDay + 1, conceptChangeDay: changeDay, pressureInPsi: psiDays })];
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  let client: PlatformClient;
  let events: PublicEvents;
  let replay: Replay;

  const cli = async (...parameters: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, ['libs/cli/bin/millrace.mjs', ...parameters], { env: { ...process.env, MILLRACE_HOME: home }, maxBuffer: 1 << 24 })).stdout;
  const first = (name: string, matches: (event: PublicEvent) => boolean = () => true, timeoutMs = 120_000): Promise<PublicEvent> =>
    events.first(name, timeoutMs, (event) => event.type === type(name) && matches(event));
  const day = (index: number): ReplayDay => replayDay(days[index]!);
  const replayUntil = async (from: number, to: number, done: () => boolean): Promise<number> => {
    let index = from;
    while (index < to && !done()) await replay.day(day(index++));
    return index;
  };
  /** Clients first: they would try again and again to find a broker that is gone. */
  const stop = async (): Promise<void> => {
    await Promise.all([events?.stop(), client?.close()]);
    await platform?.stop();
  };
  let next = launchDays;
  let checkpointFile = '';

  beforeAll(async () => {
    keepOutsideUser(home, { name: 'workshop', writes: ['default/machine-readings', 'default/machine-outcomes'], reads: lifecycleTopics });
    platform = await startPlatform({ home, freePorts: true, secure: true, logsKafkaAccess: true });
    const kafka = kafkaClientOf(home, platform.kafkaBrokers, 'workshop');
    client = await PlatformClient.connect(platform.urls.gateway, platform.adminToken, kafka);
    events = await PublicEvents.follow(kafka, 'workshop.e2e');
    replay = new Replay(
      {
        pipeline,
        predictions: { dataSet: 'machine-readings', key: 'reading_id', tensors: { reading_id: 'BYTES', event_time: 'BYTES', machine_id: 'BYTES', product: 'BYTES', temperature_c: 'FP64', load_ratio: 'FP64', coolant_pressure_bar: 'FP64' } },
        labels: { dataSet: 'machine-outcomes', key: 'reading_id' },
      },
      client, events,
    );
  }, 180_000);

  afterAll(async () => {
    await stop();
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  it('activates an applied pipeline when every service is ready', async () => {
    expect(await cli('apply', '-f', 'examples/machine-wear/pipeline.yaml', '--wait')).toContain('active');
    await first('registry.pipeline.activated');
  }, 60_000);

  it('trains, evaluates, approves and serves a first model from what was published', async () => {
    for (let index = 0; index < launchDays; index += 1) await replay.publish(day(index));
    const approved = await first('registry.model-version.approved');
    expect(approved.data.because.every((finding: { passed: boolean }) => finding.passed)).toBe(true);
    await first('deployment.rollout.completed');
    checkpointFile = join(home, 'outside-checkpoint.txt');
    writeFileSync(checkpointFile, await cli('audit', 'checkpoint'));
  }, 180_000);

  it('quarantines bad records with their reason and goes on', async () => {
    const bad = [{ key: 'broken', value: '{"reading_id":' }, { key: 'unknown', value: JSON.stringify({ ...days[next]!.readings[0], reading_id: 'unknown', colour: 'red' }) }, { key: null, value: JSON.stringify({ product: 'gear' }) }];
    await replay.day({ ...day(next), bad });
    next += 1;
    const summary = await first('ingestion.record.quarantined');
    expect(summary.data.count).toBe(bad.length);
  }, 60_000);

  it('finds by itself that the world changed, waits for labels, retrains, and rolls the better model out', async () => {
    next = await replayUntil(next, psiDays.fromDay, () => events.all(type('deployment.rollout.completed')).length >= 2);
    const completed = events.all(type('deployment.rollout.completed'))[1];
    expect(completed?.data.modelVersion).toBeGreaterThanOrEqual(2);
    const cascade = events.all(type('training.run.requested')).find((event) => event.correlation === completed!.correlation)!;
    expect(['drift', 'performance']).toContain(cascade.data.cause);
    expect(events.all(type('training.trigger.decided')).some((event) => event.data.decision === 'wait-for-labels')).toBe(true);
    expect(events.all(type('deployment.rollout.stepped')).map((event) => event.data.phase)).toEqual(expect.arrayContaining(['shadow', 'canary', 'bake']));
  }, 420_000);

  it('refuses a retraining that is not better, with its numbers', async () => {
    await client.post(`/api/training/pipelines/${pipeline}/runs`, { reason: 'nothing changed since the last one' });
    const requested = await first('training.run.requested', (event) => event.data.cause === 'person');
    const rejected = await first('registry.model-version.rejected', (event) => event.data.run === requested.data.run);
    expect(['not-better', 'cannot-say']).toContain(rejected.data.verdict);
    expect(rejected.data.because.some((finding: { measured?: number }) => typeof finding.measured === 'number')).toBe(true);
  }, 120_000);

  it('holds the cascade when a sensor sends another unit, and lifts the hold when it is mended', async () => {
    const runsBefore = events.all(type('training.run.requested')).length;
    next = await replayUntil(next, lastDay + 1, () => events.all(type('training.hold.lifted')).length > 0);
    const drift = await first('monitoring.drift.detected', (event) => event.data.diagnosis === 'data-incident');
    expect(drift.data.columns[0].column).toContain('pressure');
    expect(drift.data.columns[0].factor).toBeCloseTo(14.5, 0);
    await first('training.hold.placed', (event) => event.data.incident === drift.data.incident);
    await first('monitoring.alert.raised', (event) => event.data.incident === drift.data.incident);
    await first('training.hold.lifted', (event) => event.data.incident === drift.data.incident);
    expect(events.all(type('training.run.requested')).length).toBe(runsBefore);
  }, 240_000);

  it('serves exactly the features that the offline join computes', async () => {
    const reproduction = await client.post<{ compared: number; equal: number }>('/api/feature-store/feature-reproductions', { pipeline, from: days[launchDays]!.day + 'T00:00:00Z', to: days[next - 1]!.day + 'T00:00:00Z' });
    expect(reproduction.compared).toBeGreaterThan(1000);
    expect(reproduction.equal).toBe(reproduction.compared);
  }, 60_000);

  it('proves every step offline and is consistent with a checkpoint taken before', async () => {
    expect(await cli('audit', 'verify', '--since', checkpointFile)).toMatch(/verified/i);
    const cascade = events.all(type('training.run.requested')).find((event) => event.data.cause !== 'first-version')!;
    expect(await cli('cascades', cascade.correlation)).toContain('model-version.approved');
  }, 60_000);

  it('is understood by strangers: each event of the cascade is as the AsyncAPI document says, read from Java and from Python by a user of their own', async () => {
    const topics = lifecycleTopics.filter((topic) => topic !== 'millrace.governance.checkpoint');
    const count = await client.countRecords(topics);
    expect(count).toBeGreaterThan(100);
    for (const [language, client] of [['java', 'java'], ['python', 'librdkafka']] as const) {
      const seen = await subscribe(language, join(home, `secrets/workshop.${client}.properties`), { group: `workshop.${language}`, count, prefix: '', topics });
      expect(seen.flatMap(({ type, wrong }) => wrong.map((flaw) => `${type}: ${flaw}`))).toEqual([]);
      expect(seen.length).toBeGreaterThanOrEqual(count); // what came meanwhile is welcome
    }
  }, 120_000);

  it('needed nothing on Kafka that it may not do, and each service used what it may', async () => {
    const listening = new AbortController();
    await fetch(`${platform.urls.gateway}/events`, { headers: { authorization: `Bearer ${platform.adminToken}` }, signal: listening.signal });
    await eventually(() => expect(accessLogOf(home).allowed).toContainEqual(expect.objectContaining({ user: 'millrace-gateway', operation: 'Read', resource: 'topic' })), 20_000);
    listening.abort();
    await stop(); // followers remove their groups
    expect(passwordsInLogsOf(home)).toEqual([]);
    const { allowed, refused } = accessLogOf(home);
    const byWhoeverComes = ['Create', 'DescribeConfigs']; // the first makes a topic, later ones compare it with its declaration when they need it
    expect(refused).toEqual([]);
    const used = new Set(allowed.map(({ user, operation, grant }) => `${user} ${operation} ${grant}`));
    const isUsed = (user: string, operation: string, { pattern, name }: KafkaGrant): boolean => used.has(`${user} ${operation} ${pattern} ${name}`);
    const grants = Object.values(kafkaAccess.services).flatMap(({ user, grants: own }) => own.map((grant) => ({ user, grant })));
    const unused = grants.flatMap(({ user, grant }) => grant.operations.filter((operation) => !byWhoeverComes.includes(operation) && !isUsed(user, operation, grant)).map((operation) => `${user} ${operation} ${grant.name}`));
    // Nothing failed for good and nothing stalled.
    expect(unused.filter((one) => !/ Write millrace\.[a-z-]+\.dead-letter$/.test(one))).toEqual(['millrace-governance Write millrace.governance.cascade']);
    const created = grants.filter(({ user, grant }) => isUsed(user, 'Create', grant)).map(({ grant }) => grant.name);
    expect(grants.filter(({ grant }) => grant.operations.includes('Create') && !created.includes(grant.name))).toEqual([]);
  }, 60_000);
});

/** Names of the secrets whose text stands in a log. */
function passwordsInLogsOf(home: string): string[] {
  const logs = readdirSync(join(home, 'logs')).map((name) => readFileSync(join(home, 'logs', name), 'utf8'));
  const secrets = readdirSync(join(home, 'secrets')).filter((name) => /password$|token$/.test(name));
  expect(secrets.length).toBeGreaterThan(20);
  return secrets.filter((name) => logs.some((text) => text.includes(readFileSync(join(home, 'secrets', name), 'utf8').trim())));
}

function replayDay(made: MachineDay): ReplayDay {
  return { date: made.day, records: made.readings.map((reading) => ({ ...reading })), labels: made.outcomes.map((outcome) => ({ ...outcome })) };
}
