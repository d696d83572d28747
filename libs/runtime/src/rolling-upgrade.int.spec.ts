import { rmSync } from 'node:fs';
import { eventually, testEnvironment, TestKafka } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { FixtureProcess } from './testing/fixture-process.js';
import { hold } from './testing/holds.js';
import { nextContracts } from './testing/next/next-contracts.js';

const ready = 'millrace.deployment.pipeline-part.ready.v1';
const topic = 'millrace.training.hold';
const keys = Array.from({ length: 6 }, (_, index) => `default/p${index}`);

describe('a rolling upgrade', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let contracts: string;
  const processes: FixtureProcess[] = [];
  let sent = 0;
  let isSending = true;

  beforeAll(async () => {
    contracts = nextContracts();
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    await kafka.createTopics([topic], 4);
  }, 60_000);

  afterAll(async () => {
    isSending = false;
    await Promise.all(processes.map((one) => one.kill()));
    await kafka.stop();
    rmSync(contracts, { recursive: true });
  }, 30_000);

  const query = <T>(sql: string): Promise<T[]> => environment.query<T>(sql);

  /** A process of a release, once it reads and can say so. */
  async function start(release: 'first' | 'next' | 'newest'): Promise<FixtureProcess> {
    const env = { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent', MILLRACE_DEPLOYMENT_SESSION_TIMEOUT_MS: '2000', MILLRACE_FIXTURE_RELEASE: release, ...(release === 'first' ? {} : { MILLRACE_TEST_CONTRACTS: contracts }) };
    const one = await FixtureProcess.start(environment.envOf('deployment', env));
    processes.push(one);
    await eventually(async () => expect((await fetch(`${one.url}/health/ready`)).status).toBe(200), 20_000);
    return one;
  }

  /** Holds for every key, one round behind the other, as a producer of the first release sends them; a few rounds ahead of the quickest key. */
  async function sendRounds(): Promise<void> {
    for (; isSending; sent += 1) {
      await kafka.sendEvents(...keys.map((key) => hold(key, String(sent).padStart(4, '0'))));
      await eventually(async () => expect(!isSending || (await handled('max')) > sent - 5).toBe(true), 30_000);
    }
  }

  async function handled(which: 'min' | 'max'): Promise<number> {
    const [done] = await query<{ n: number | null }>(`select ${which}(n)::int as n from (select count(*) as n from deployment.effects where pipeline like 'default/p_' group by pipeline) as per_key`);
    return done?.n ?? 0;
  }

  /** What a producer of the next release sends: a field, or a type, that the first release does not know. */
  async function sendNext(name: string, type: 'placed' | 'extended'): Promise<void> {
    const records = keys.map((key) => {
      const headers = { ...attributesOf(`${key}-${name}`), ce_type: `millrace.training.hold.${type}.v1` };
      return { key, value: JSON.stringify({ ...hold(key, name).data, severity: 'high' }), headers };
    });
    await kafka.sendRecords(topic, records);
  }

  /** As a process of the next release parks an event that only it knows, while one of the first release leads. */
  async function parkExtended(key: string): Promise<void> {
    const headers: Record<string, string> = { ...attributesOf(`${key}-late`), ce_type: 'millrace.training.hold.extended.v1' };
    await environment.query(
      `insert into deployment.parked (topic, partition, "offset", key, event_id, type, headers, payload, attempt, next_attempt_at, because) values ($1, 0, 1000000, $2, $3, $4, $5, $6, 1, now(), '{"code":"x"}')`,
      [topic, key, headers['ce_id'], headers['ce_type'], JSON.stringify(headers), Buffer.from(JSON.stringify(hold(key, 'late').data))],
    );
  }

  /** More was handled than had been sent when this was asked. */
  async function handledOn(): Promise<void> {
    const target = sent + 2;
    await eventually(async () => expect(await handled('min')).toBeGreaterThanOrEqual(target), 30_000);
  }

  it('loses nothing and does nothing twice while releases run side by side on one database, group and topics', async () => {
    const emitted = await kafka.collectEvents(ready);
    const [first, second] = [await start('first'), await start('first')];
    const sending = sendRounds();
    await handledOn();
    const third = await start('next');
    await sendNext('mixed-field', 'placed');
    await sendNext('mixed-type', 'extended');
    await parkExtended('default/parked');
    await handledOn();
    await first.stop();
    await handledOn();
    await second.kill();
    await handledOn();
    await sendNext('all-next', 'extended');
    await start('newest');
    await handledOn();
    await third.stop();
    await handledOn();
    isSending = false;
    await sending;

    const expected = keys.length * sent;
    await eventually(async () => expect(await query(`select count(*)::int as n from deployment.effects where hold ~ '-[0-9]{4}$'`)).toEqual([{ n: expected }]), 30_000);
    expect(await query('select hold, times from deployment.effects where times > 1')).toEqual([]);
    for (const table of ['parked', 'dead_letters']) expect(await query(`select type, because from deployment.${table}`)).toEqual([]);
    const named = (name: string): Promise<{ severity: string }[]> => query(`select severity from deployment.effects where hold like '%-${name}'`);
    expect(await named('mixed-field')).toHaveLength(keys.length);
    expect(await named('late')).toEqual([{ severity: 'none' }]);
    expect(await named('all-next')).toEqual(keys.map(() => ({ severity: 'high' })));
    expect((await named('mixed-type')).length).toBeLessThanOrEqual(keys.length);
    await eventually(async () => expect(await query('select 1 from deployment.outbox where published_at is null')).toEqual([]));

    for (const key of keys) {
      const order = await query<{ hold: string }>(`select hold from deployment.effects where pipeline = '${key}' and hold ~ '-[0-9]{4}$' order by place`);
      expect(order.map((row) => row.hold)).toEqual(order.map((row) => row.hold).toSorted());
      const versions = new Set(emitted().flatMap(({ type, subject, data }) => (type === ready && subject === key ? [data.version] : [])));
      const [rows] = await query<{ n: number }>(`select count(*)::int as n from deployment.effects where pipeline = '${key}'`);
      expect([...versions].sort((left, right) => left - right)).toEqual(Array.from({ length: rows?.n ?? 0 }, (_, index) => index + 1));
    }
  }, 300_000);
});

function attributesOf(id: string): Record<string, string> {
  const attributes = { specversion: '1.0', id, source: '/test', time: new Date().toISOString(), project: 'default', actor: 'service:training', correlationid: id };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]));
}
