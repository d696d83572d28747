import { appendLeaves, emptyRange, leafHash, rootOf } from '@millrace/merkle';
import { TestKafka, eventually, testEnvironment } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

const KILLS = 4;
const EVENTS_PER_KILL = 1_000;
const EVENTS = KILLS * EVENTS_PER_KILL;
const TOPICS = ['millrace.training.run', 'millrace.registry.model-version'];

/** Governance as a process of its own, killed again and again while events flow. */
describe('governance that is killed', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let governance: ChildProcess;
  const start = (): ChildProcess =>
    fork(join(import.meta.dirname, 'main.ts'), {
      execArgv: ['--import', join(import.meta.dirname, '../../../libs/testing/typescript-sources.mjs')],
      env: { PATH: process.env['PATH'], ...environment.envOf('governance'), MILLRACE_GOVERNANCE_CHECKPOINT_INTERVAL_MS: '20', MILLRACE_GOVERNANCE_SESSION_TIMEOUT_MS: '2000' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  /** Entries of the log, and how far it is signed. */
  const progress = async (): Promise<{ size: number; signed: number }> => {
    const [row] = await environment.query<{ size: number; signed: number }>('select size::int, (select coalesce(max(size), 0)::int from governance.checkpoints) as signed from governance.log_heads').catch(() => []);
    return row ?? { size: 0, signed: 0 };
  };
  const send = async (): Promise<void> => {
    for (const topic of TOPICS) {
      const records = Array.from({ length: EVENTS_PER_KILL / TOPICS.length }, (_, at) => ({ key: 'default/churn', value: JSON.stringify({ pipeline: 'default/churn', run: `default/run-${at}` }), headers: headersOf(`cascade-${at % 50}`) }));
      await kafka.sendRecords(topic, records);
    }
  };

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    await kafka.createTopics(TOPICS);
    governance = start();
  }, 120_000);

  afterAll(async () => {
    governance.kill('SIGKILL');
    await once(governance, 'exit');
    await kafka.stop();
  });

  it('logs every event once, and never signs two checkpoints that disagree, whenever it dies', async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const before = await progress();
      await send();
      // In turn as soon as something is logged, and as soon as something is signed.
      const what = kill % 2 === 0 ? ('size' as const) : ('signed' as const);
      await eventually(async () => expect((await progress())[what]).toBeGreaterThan(before[what]), 60_000);
      governance.kill('SIGKILL');
      await once(governance, 'exit');
      governance = start();
    }
    await eventually(async () => expect((await progress()).signed).toBeGreaterThanOrEqual(EVENTS), 90_000);
    const entries = await environment.query<{ index: number; leaf: string; place: string }>(`select "index"::int, leaf, topic || '/' || "partition" || '/' || "offset" as place from governance.audit_entries order by "index"`);
    expect(entries.map(({ index }) => index)).toEqual(entries.map((_, at) => at));
    expect(new Set(entries.map(({ place }) => place)).size).toBe(entries.length);
    for (const topic of TOPICS) expect(entries.filter(({ place }) => place.startsWith(`${topic}/`))).toHaveLength(EVENTS / TOPICS.length);
    await checkpointsHold(entries.map(({ leaf }) => leaf));
  }, 300_000);

  it('has counted each event once in its cascade', async () => {
    const cascades = await environment.query<{ events: number }>(`select events from governance.cascades where correlation like 'cascade-%'`);
    expect(cascades).toHaveLength(50);
    expect(new Set(cascades.map(({ events }) => events))).toEqual(new Set([EVENTS / 50]));
  });

  async function checkpointsHold(leaves: readonly string[]): Promise<void> {
    const signed = await environment.query<{ size: number; root_sha256: string }>('select size::int, root_sha256 from governance.checkpoints order by size');
    expect(signed.length).toBeGreaterThanOrEqual(KILLS / 2);
    let range = emptyRange();
    for (const { size: upTo, root_sha256: root } of signed) {
      range = appendLeaves(range, leaves.slice(range.size, upTo).map((leaf) => leafHash(Buffer.from(leaf)))).next;
      expect(Buffer.from(rootOf(range)).toString('hex')).toBe(root);
    }
  }
});

function headersOf(correlation: string): Record<string, string> {
  const time = new Date().toISOString();
  const attributes = { specversion: '1.0', id: randomUUID(), type: 'millrace.training.run.completed.v1', source: '/millrace/training', time, subject: 'default/churn', project: 'default', actor: 'service:training', correlationid: correlation };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]));
}
