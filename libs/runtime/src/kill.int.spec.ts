import { eventually, testEnvironment, TestKafka } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { FixtureProcess } from './testing/fixture-process.js';
import { hold } from './testing/holds.js';

const ready = 'millrace.deployment.pipeline-part.ready.v1';
const topic = 'millrace.training.hold';
const group = 'millrace.deployment';

/** After a kill the group waits for the dead member's session before the partitions move. */
const sessionTimeoutMs = 2_000;
const afterKillMs = 40_000;

describe('a service that is killed', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let running: FixtureProcess | undefined;

  beforeEach(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    await kafka.createTopics([topic, 'millrace.deployment.pipeline-part']);
  }, 180_000);

  afterEach(async () => {
    await running?.kill();
    await kafka.stop();
  }, 30_000);

  const start = async (fault?: string): Promise<FixtureProcess> => {
    const env = { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent', MILLRACE_DEPLOYMENT_SESSION_TIMEOUT_MS: String(sessionTimeoutMs), ...(fault === undefined ? {} : { MILLRACE_FAULT: fault }) };
    running = await FixtureProcess.start(environment.envOf('deployment', env));
    return running;
  };
  const effects = (): Promise<{ hold: string; place: number; times: number }[]> => environment.query('select hold, place, times from deployment.effects order by pipeline, place');
  const versions = (emitted: ReturnType<Awaited<ReturnType<TestKafka['collectEvents']>>>): number[] => emitted.flatMap((event) => (event.type === ready ? [event.data.version] : []));

  it('has done nothing when it dies before the commit, and does it once after a restart', async () => {
    const emitted = await kafka.collectEvents(ready);
    const dying = await start('before-commit:1');
    await kafka.sendEvents(hold('default/a', '1'));
    expect(await dying.ended).toBe('SIGKILL');
    expect(await effects()).toEqual([]);
    expect(await environment.query('select 1 from deployment.outbox')).toEqual([]);

    await start();
    await eventually(async () => expect(await effects()).toEqual([{ hold: 'default/a-1', place: 1, times: 1 }]), afterKillMs);
    await eventually(() => expect(versions(emitted())).toEqual([1]));
  }, 180_000);

  it('sends after a restart what it had committed and not sent, once', async () => {
    const emitted = await kafka.collectEvents(ready);
    const dying = await start('after-commit:1');
    await kafka.sendEvents(hold('default/a', '1'));
    expect(await dying.ended).toBe('SIGKILL');
    expect(await effects()).toHaveLength(1);
    expect(emitted()).toEqual([]);

    await start();
    await eventually(() => expect(versions(emitted())).toEqual([1]), afterKillMs);
    await kafka.caughtUp(group, topic, afterKillMs);
    expect(await effects()).toEqual([{ hold: 'default/a-1', place: 1, times: 1 }]);
    expect(versions(emitted())).toEqual([1]);
  }, 180_000);

  it('sends an event twice, with the same id, when it dies between the ack and the mark; a reader has one effect', async () => {
    const emitted = await kafka.collectEvents(ready);
    const dying = await start('before-mark-published:1');
    await kafka.sendEvents(hold('default/a', '1'));
    expect(await dying.ended).toBe('SIGKILL');

    await start();
    await eventually(() => expect(versions(emitted())).toEqual([1, 1]), afterKillMs);
    expect(new Set(emitted().map(({ id }) => id)).size).toBe(1);

    // What a reader does with it: the fixture is told the same event twice.
    const [event] = await kafka.sendEvents(hold('default/b', '1'));
    await kafka.sendEvents({ ...hold('default/b', '1'), id: event?.id ?? '' });
    await kafka.caughtUp(group, topic, afterKillMs);
    expect(await effects()).toMatchObject([{ hold: 'default/a-1', times: 1 }, { hold: 'default/b-1', times: 1 }]);
  }, 180_000);

  it('has one effect when it dies between the commit and the commit of the offset', async () => {
    const dying = await start('before-offset-commit:1');
    await kafka.sendEvents(hold('default/a', '1'));
    expect(await dying.ended).toBe('SIGKILL');
    expect(await kafka.committedOffsets(group, topic)).toMatchObject([{ offset: '-1' }]);

    await start();
    await kafka.caughtUp(group, topic, afterKillMs);
    expect(await effects()).toEqual([{ hold: 'default/a-1', place: 1, times: 1 }]);
  }, 180_000);

  it('keeps each key in order and loses nothing when it dies again and again', async () => {
    const emitted = await kafka.collectEvents(ready);
    const keys = ['default/a', 'default/b', 'default/c'];
    const faults = ['after-commit:1', 'before-mark-published:1', 'before-commit:1', 'before-offset-commit:1', 'before-send:1', 'after-mark-published:1', 'after-offset-commit:1'];
    const each = 4;
    for (const [wave, fault] of faults.entries()) {
      await kafka.sendEvents(...Array.from({ length: each }, (_, index) => keys.map((key) => hold(key, String(wave * each + index + 10)))).flat());
      expect(await (await start(fault)).ended).toBe('SIGKILL');
    }
    const count = faults.length * each;

    await start();
    await kafka.caughtUp(group, topic, afterKillMs);
    const done = await effects();
    for (const key of keys) {
      const places = done.filter(({ hold: id }) => id.startsWith(key));
      expect(places).toEqual(Array.from({ length: count }, (_, index) => ({ hold: `${key}-${index + 10}`, place: index + 1, times: 1 })));
    }
    await eventually(() => {
      for (const key of keys) expect(firstsOf(versions(emitted().filter(({ subject }) => subject === key)))).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    });
  }, 300_000);

  it('finishes what it has in hand when it is asked to stop, and leaves nothing unsent', async () => {
    const service = await start();
    const emitted = await kafka.collectEvents(ready);
    await kafka.sendEvents(...Array.from({ length: 40 }, (_, index) => hold('default/a', String(index + 10))));
    await eventually(async () => expect((await effects()).length).toBeGreaterThan(0));
    expect(await service.stop()).toBe(0);

    const done = await effects();
    expect(await environment.query('select 1 from deployment.outbox where published_at is null')).toEqual([]);
    await eventually(() => expect(versions(emitted())).toEqual(done.map(({ place }) => place)));
    const [committed] = await kafka.committedOffsets(group, topic);
    expect(Number(committed?.offset)).toBe(done.length);
  }, 180_000);
});

/** The numbers in the order in which each came for the first time. */
function firstsOf(numbers: number[]): number[] {
  return [...new Set(numbers)];
}
