import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeadLetter } from '@millrace/contracts';
import { runCommandLine } from '@millrace/cli';
import { eventually, testEnvironment, TestKafka } from '@millrace/testing';
import type { GivenEvent, TestEnvironment } from '@millrace/testing';
import { startFewServices } from './few-services/start-few-services.ts';
import type { FewServices } from './few-services/start-few-services.ts';

const requested = (run: string): GivenEvent<'millrace.training.run.requested.v1'> => ({
  type: 'millrace.training.run.requested.v1',
  data: { pipeline: 'default/nobody', run, trigger: 'default/tr-1', cause: 'drift', changePoint: null, asOf: '2026-03-02T00:00:00.000Z', excluded: [], champion: null },
});

/** Through the gateway, over services of which not all are there: run requests for a pipeline that feature-store does not know, and a broken word of monitoring's. */
describe('millrace dead-letters', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let services: FewServices;
  let home: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'dead-letters-'));
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    services = await startFewServices(environment, { MILLRACE_RETRY_TRIES: '2', MILLRACE_FEATURE_STORE_LOG_LEVEL: 'silent', MILLRACE_TRAINING_LOG_LEVEL: 'silent' });
    const drift = { ce_specversion: '1.0', ce_id: 'broken-drift', ce_type: 'millrace.monitoring.drift.detected.v1', ce_source: '/millrace/monitoring', ce_time: new Date().toISOString(), ce_project: 'default', ce_actor: 'service:monitoring', ce_correlationid: 'drift' };
    await kafka.sendEvents(...['run-1', 'run-2', 'run-3'].map((run) => ({ ...requested(`default/${run}`), id: run, correlationId: run })));
    await kafka.sendRecords('millrace.monitoring.drift', [{ key: 'default/nobody', value: '{"pipeline":', headers: drift }]);
    await eventually(async () => expect((await list()).deadLetters).toHaveLength(4), 60_000);
  }, 120_000);

  afterAll(async () => {
    services.stop();
    await kafka.stop();
    rmSync(home, { recursive: true });
  });

  async function millrace(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    const [out, err] = [[] as string[], [] as string[]];
    const env = { MILLRACE_HOME: home, MILLRACE_URL: services.gatewayUrl, MILLRACE_TOKEN: environment.secrets.adminToken };
    const code = await runCommandLine(words, env, (text) => out.push(text), (text) => err.push(text));
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  const list = async (...words: string[]): Promise<{ deadLetters: DeadLetter[]; silent: { service: string }[] }> => JSON.parse((await millrace('dead-letters', 'list', ...words, '--json')).out) as { deadLetters: DeadLetter[]; silent: { service: string }[] };

  it('list shows what all services gave up, newest first, by filter, and names the services that are away', async () => {
    const { deadLetters, silent } = await list();
    expect(deadLetters.map(({ service }) => service).sort()).toEqual(['feature-store', 'feature-store', 'feature-store', 'training']);
    expect(deadLetters.map(({ deadAt }) => deadAt)).toEqual(deadLetters.map(({ deadAt }) => deadAt).toSorted().toReversed());
    expect(silent.map(({ service }) => service)).toEqual(['ingestion', 'validation', 'registry', 'deployment', 'monitoring']);
    expect((await list('feature-store', '--code', 'feature-view-not-found', '--correlation', 'run-2')).deadLetters).toMatchObject([{ eventId: 'run-2', key: 'default/nobody', attempts: 2 }]);
    const { out } = await millrace('dead-letters', 'list', '--type', 'millrace.monitoring.drift.detected.v1');
    expect(out).toMatch(/training +[0-9a-f-]{36} +millrace\.monitoring\.drift\.detected\.v1 +default\/nobody +1 .* invalid-event: The data is not JSON/);
    expect(out).toContain('registry is missing here: ');
    expect(await millrace('dead-letters', 'list', 'inference')).toMatchObject({ code: 1, err: expect.stringContaining('none of the services that handle events') as string });
  });

  it('show finds a letter by its id alone, with the record as it was read', async () => {
    const [letter] = (await list('training')).deadLetters;
    const shown = JSON.parse((await millrace('dead-letters', 'show', letter?.id ?? '')).out) as object;
    expect(shown).toMatchObject({ letter, headers: { ce_id: 'broken-drift' }, value: '{"pipeline":' });
    expect(await millrace('dead-letters', 'show', '0199a8f0-4b1e-7c3a-9d52-6f0e8b1a2c3d')).toMatchObject({ code: 1, err: expect.stringMatching(/^There is no dead letter .*\(ingestion, .* did not answer\)/) as string });
  });

  it('a cascade that waits on one is stalled and says how to go on; dropped, with a reason, it rests', async () => {
    await eventually(async () => expect((await millrace('cascades', 'run-1')).out).toMatch(/stalled[^]*DEAD LETTER feature-store gave up training run\.requested[^]*millrace dead-letters show feature-store/), 30_000);
    const [letter] = (await list('--correlation', 'run-1')).deadLetters;
    expect(await millrace('dead-letters', 'drop', letter?.id ?? '')).toMatchObject({ code: 1, err: expect.stringContaining('--reason') as string });
    expect(await millrace('dead-letters', 'drop', letter?.id ?? '', '--reason', 'Nobody owns it')).toMatchObject({ code: 0 });
    await eventually(async () => expect((await millrace('cascades', 'run-1')).out).toMatch(/resting[^]*dropped by user:admin: Nobody owns it/), 30_000);
    expect((await millrace('audit', 'log', '--correlation', 'run-1')).out).toMatch(/dead-letter\.recorded\.v1[^]*dead-letter\.dropped\.v1 .* user:admin/);
  });

  it('replay has one tried again with mended data, and all that match at once; what fails again is open again', async () => {
    const file = join(home, 'mended.json');
    writeFileSync(file, JSON.stringify({ pipeline: 7 }));
    const [drift] = (await list('training')).deadLetters;
    expect(await millrace('dead-letters', 'replay', drift?.id ?? '', '--data', file)).toMatchObject({ code: 1, err: expect.stringMatching(/missing field[^]*Trace [0-9a-f]{32}$/) as string });
    expect(await millrace('dead-letters', 'replay')).toMatchObject({ code: 1, err: expect.stringContaining('--all') as string });
    expect(await millrace('dead-letters', 'replay', '--code', 'feature-view-not-found', '--reason', 'Try')).toMatchObject({ code: 0, out: expect.stringContaining('2 of feature-store tried again') as string });
    await eventually(async () => {
      const { deadLetters } = await list('feature-store');
      expect(deadLetters.map(({ eventId, deadAt, replayedAt }) => [eventId, deadAt > (drift?.deadAt ?? ''), replayedAt]).sort()).toEqual([['run-2', true, null], ['run-3', true, null]]);
    }, 30_000);
    expect(await millrace('dead-letters', 'drop', 'feature-store', '--all', '--reason', 'Over')).toMatchObject({ code: 0, out: expect.stringContaining('2 of feature-store dropped') as string });
    expect((await millrace('dead-letters', 'replay', 'feature-store', '--all')).out).toBe('No open dead letter matches');
    expect((await list('--state', 'dropped')).deadLetters).toHaveLength(3);
  });

  it('parked-events list shows what services will try again by themselves', async () => {
    expect((await millrace('parked-events', 'list', 'training')).out).toBe('(none)');
  });
});
