import { eventually, testEnvironment, TestKafka } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { FixtureProcess } from './testing/fixture-process.js';
import { hold } from './testing/holds.js';

const ready = 'millrace.deployment.pipeline-part.ready.v1';
const topic = 'millrace.training.hold';
const quick = { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent', MILLRACE_DEPLOYMENT_SESSION_TIMEOUT_MS: '2000' };

describe('two processes of one service', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let processes: FixtureProcess[];

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    await kafka.createTopics([topic], 4);
    processes = await Promise.all([1, 2].map(() => FixtureProcess.start(environment.envOf('deployment', quick))));
    await Promise.all(processes.map(({ url }) => eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), 20_000)));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((one) => one.kill()));
    await kafka.stop();
  }, 30_000);

  const keys = Array.from({ length: 8 }, (_, index) => `default/p${index}`);
  const expectDone = (events: number): Promise<void> =>
    eventually(async () => {
      const [done] = await environment.query<{ n: number; twice: number }>('select count(*)::int as n, count(*) filter (where times > 1)::int as twice from deployment.effects');
      expect(done).toEqual({ n: events, twice: 0 });
      expect(await environment.query('select 1 from deployment.outbox where published_at is null')).toEqual([]);
    }, 20_000);

  it('share the work, and one of them sends what both have done', async () => {
    const emitted = await kafka.collectEvents(ready);
    await kafka.sendEvents(...keys.flatMap((key) => [hold(key, '1'), hold(key, '2')]));
    await expectDone(keys.length * 2);
    await eventually(() => expect(emitted()).toHaveLength(keys.length * 2));
    for (const key of keys) expect(emitted().filter(({ subject }) => subject === key).map(({ data }) => (data as { version: number }).version)).toEqual([1, 2]);
  }, 60_000);

  it('go on as one when either is killed', async () => {
    await processes.shift()?.kill();
    await kafka.sendEvents(...keys.map((key) => hold(key, '3')));
    await expectDone(keys.length * 3);
  }, 60_000);
});
