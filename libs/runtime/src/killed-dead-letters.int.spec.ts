import { join } from 'node:path';
import { eventually, testEnvironment, TestKafka, tokenFor } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { FixtureProcess } from './testing/fixture-process.js';
import { hold } from './testing/holds.js';

const topic = 'millrace.training.hold';
const afterKillMs = 20_000;

describe('a dead letter of a service that is killed', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let running: FixtureProcess | undefined;
  let faultFile: string;

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    faultFile = join(environment.home, 'fault');
    await kafka.createTopics([topic, 'millrace.deployment.dead-letter']);
  }, 60_000);

  afterAll(async () => {
    await running?.kill();
    await kafka.stop();
  }, 30_000);

  const start = async (fault?: string): Promise<FixtureProcess> => {
    const env = { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent', MILLRACE_DEPLOYMENT_SESSION_TIMEOUT_MS: '2000', MILLRACE_DEPLOYMENT_RETRY_TRIES: '1', MILLRACE_FAULT_FILE: faultFile, ...(fault === undefined ? {} : { MILLRACE_FAULT: fault }) };
    running = await FixtureProcess.start(environment.envOf('deployment', env));
    return running;
  };
  const letters = (): Promise<{ id: string; replayed: boolean; handled: boolean }[]> => environment.query('select id, replayed_at is not null as replayed, handled_at is not null as handled from deployment.dead_letters');
  const parked = (): Promise<unknown[]> => environment.query('select 1 from deployment.parked');
  /** Asks for a replay as a careful caller does: with a key, so that asking again is the same request. */
  const replay = async (process: FixtureProcess, id: string): Promise<Response> => {
    const headers = { authorization: `Bearer ${await tokenFor(environment, ['operator'])}`, 'idempotency-key': 'replay-1', 'content-type': 'application/json' };
    return fetch(`${process.url}/dead-letters/${id}/replays`, { method: 'POST', headers, body: JSON.stringify({ reason: 'Mended' }) });
  };

  it('is recorded once and replayed once, whether the process dies before or after the commit', async () => {
    const recorded = await kafka.collectEvents('millrace.deployment.dead-letter.recorded.v1');
    const replayed = await kafka.collectEvents('millrace.deployment.dead-letter.replayed.v1');
    const ids = (events: ReturnType<typeof recorded>): string[] => [...new Set(events.map(({ id }) => id))];
    const first = await start('before-commit:1');
    await kafka.sendEvents(hold('default/a', '1', 'unknown-k'));
    expect(await first.ended).toBe('SIGKILL');
    expect(await letters()).toEqual([]);
    const second = await start('after-commit:1');
    expect(await second.ended).toBe('SIGKILL');
    const [letter] = await letters();
    const id = letter?.id ?? '';
    const third = await start();
    await eventually(() => expect(ids(recorded())).toHaveLength(1), afterKillMs);
    await kafka.caughtUp('millrace.deployment', topic, afterKillMs);
    expect(await letters()).toEqual([{ id, replayed: false, handled: false }]);

    await environment.query(`insert into deployment.known_incidents values ('default/unknown-k')`);
    await third.arm(faultFile, 'before-commit:1');
    await expect(replay(third, id)).rejects.toThrow();
    expect(await letters()).toEqual([{ id, replayed: false, handled: false }]);
    expect(await parked()).toEqual([]);
    const fourth = await start();
    await fourth.arm(faultFile, 'after-commit:1');
    await expect(replay(fourth, id)).rejects.toThrow();
    expect(await letters()).toMatchObject([{ replayed: true }]);

    const last = await start();
    await eventually(async () => expect(await letters()).toMatchObject([{ handled: true }]), afterKillMs);
    expect(await (await replay(last, id)).json()).toMatchObject({ id, state: 'replayed', replayedBy: 'user:test' });
    expect(await environment.query('select hold, times from deployment.effects')).toEqual([{ hold: 'default/a-1', times: 1 }]);
    await eventually(() => expect(ids(replayed())).toHaveLength(1), afterKillMs);
    expect(ids(recorded())).toHaveLength(1);
    expect(await parked()).toEqual([]);
  }, 120_000);
});
