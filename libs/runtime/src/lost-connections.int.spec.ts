import { eventually, TestKafka, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import pg from 'pg';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';

describe('a service whose database connections are cut', () => {
  let service: TestService;
  let kafka: TestKafka;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
    kafka = new TestKafka(service.environment);
  }, 60_000);

  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  }, 30_000);

  const database = (): string => new URL(service.environment.databaseUrl).pathname.slice(1);
  const cut = (): Promise<unknown> => service.environment.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`, [database()]);

  it('goes on by itself: nothing is lost, nothing is done twice, nothing is a dead letter', async () => {
    const emitted = await kafka.collectEvents('millrace.deployment.pipeline-part.ready.v1');
    for (let round = 0; round < 5; round += 1) {
      await kafka.sendEvents(...Array.from({ length: 10 }, (_, index) => hold(`default/k${index}`, String(round))));
      await cut();
    }
    await kafka.caughtUp('millrace.deployment', 'millrace.training.hold', 20_000);
    await eventually(async () => {
      const [done] = await service.environment.query('select count(*)::int as n, sum(times)::int as times from deployment.effects');
      expect(done).toEqual({ n: 50, times: 50 });
    }, 20_000);
    await eventually(() => expect(new Set(emitted().map(({ id }) => id)).size).toBe(50), 20_000);
    expect(await service.environment.query('select 1 from deployment.dead_letters')).toEqual([]);
  }, 60_000);

  it('says that it is not ready while the database refuses it, and pauses the partition instead of parking', async () => {
    const name = database();
    const admin = new URL(service.environment.databaseUrl);
    admin.pathname = '/postgres';
    await adminQuery(admin, `alter database ${name} allow_connections false`);
    await adminQuery(admin, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await eventually(async () => expect(await service.request('GET', '/health/ready')).toMatchObject({ status: 503 }));
    expect(await service.request('GET', '/health/live')).toMatchObject({ status: 200 });
    expect(await service.call('rollBackRoute', { project: 'default', name: 'a', note: 'x' })).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    await kafka.sendEvents(hold('default/later', '1'));

    await adminQuery(admin, `alter database ${name} allow_connections true`);
    await kafka.caughtUp('millrace.deployment', 'millrace.training.hold', 20_000);
    expect(await service.environment.query(`select times from deployment.effects where pipeline = 'default/later'`)).toEqual([{ times: 1 }]);
    await eventually(async () => expect(await service.request('GET', '/health/ready')).toMatchObject({ status: 200 }));
  }, 60_000);
});

async function adminQuery(url: URL, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  await client.query(sql);
  await client.end();
}
