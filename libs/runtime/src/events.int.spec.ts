import { randomBytes } from 'node:crypto';
import { eventually, TestKafka, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';

const ready = 'millrace.deployment.pipeline-part.ready.v1';
const topic = 'millrace.training.hold';
const group = 'millrace.deployment';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe.each(['kafkajs', 'platformatic'])('a service that handles events over %s', (client) => {
  let service: TestService;
  let kafka: TestKafka;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_KAFKA_CLIENT: client, MILLRACE_DEPLOYMENT_RETRY_TRIES: '6', MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
    kafka = new TestKafka(service.environment);
  }, 60_000);

  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  }, 30_000);

  const query = <T>(sql: string, parameters?: unknown[]): Promise<T[]> => service.environment.query<T>(sql, parameters);
  const effects = (pipeline: string): Promise<{ hold: string; place: number; times: number }[]> =>
    query('select hold, place, times from deployment.effects where pipeline = $1 order by place', [pipeline]);
  const parked = (pipeline: string): Promise<{ attempt: number; because: { code: string } }[]> => query('select attempt, because from deployment.parked where key = $1 order by position', [pipeline]);
  const deadLetters = (pipeline: string): Promise<{ id: string; attempt: number; because: { code: string; detail: string } }[]> =>
    query('select id, attempt, because from deployment.dead_letters where key = $1', [pipeline]);

  it('handles an event, emits another that belongs to the same cascade, and commits its offset', async () => {
    const emitted = await kafka.collectEvents(ready);
    const [sent] = await kafka.sendEvents({ ...hold('default/first', '1'), pipelineVersion: 7, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    await kafka.caughtUp(group, topic);
    const [event] = await eventually(() => {
      const events = emitted().filter(({ subject }) => subject === 'default/first');
      expect(events).toHaveLength(1);
      return events;
    });
    expect(event).toMatchObject({
      source: '/millrace/deployment',
      project: 'default',
      actor: 'service:training',
      correlationId: sent?.correlationId,
      causationId: sent?.id,
      pipelineVersion: 7,
      data: { pipeline: 'default/first', version: 1 },
    });
    expect(event?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  }, 30_000);

  it('does nothing for an event that comes a second time', async () => {
    const [event] = await kafka.sendEvents(hold('default/twice', '1'));
    await kafka.sendEvents({ ...hold('default/twice', '1'), id: event?.id ?? '' });
    await kafka.caughtUp(group, topic);
    expect(await effects('default/twice')).toEqual([{ hold: 'default/twice-1', place: 1, times: 1 }]);
  }, 30_000);

  it('keeps the order of a key in what it does and in what it emits', async () => {
    const emitted = await kafka.collectEvents(ready);
    const names = Array.from({ length: 50 }, (_, index) => String(index).padStart(2, '0'));
    await kafka.sendEvents(...names.map((name) => hold('default/ordered', name)));
    await kafka.caughtUp(group, topic);
    expect((await effects('default/ordered')).map(({ hold: id }) => id)).toEqual(names.map((name) => `default/ordered-${name}`));
    await eventually(() => {
      const versions = emitted().flatMap(({ type, subject, data }) => (type === ready && subject === 'default/ordered' ? [data.version] : []));
      expect(versions).toEqual(names.map((_, index) => index + 1));
    });
  }, 30_000);

  it('handles events that wait together in few transactions', async () => {
    const keys = Array.from({ length: 6 }, (_, index) => `default/crowd-${index}`);
    await kafka.sendEvents(...Array.from({ length: 10 }, (_, index) => keys.map((key) => hold(key, String(index)))).flat());
    await kafka.caughtUp(group, topic);
    for (const key of keys) expect((await effects(key)).map(({ hold: id, times }) => `${id} ${times}`)).toEqual(Array.from({ length: 10 }, (_, index) => `${key}-${index} 1`));
    const [counted] = await query<{ transactions: string }>(`select count(distinct xmin::text) as transactions from deployment.effects where pipeline like 'default/crowd-%'`);
    expect(Number(counted?.transactions)).toBeLessThanOrEqual(20);
  }, 30_000);

  it('parks a key that fails and the later events of that key, while other keys go on', async () => {
    await kafka.sendEvents(hold('default/waits', '1', 'unknown-a'), hold('default/waits', '2'), hold('default/goes-on', '1'));
    await kafka.caughtUp(group, topic);
    expect(await effects('default/goes-on')).toHaveLength(1);
    expect(await effects('default/waits')).toEqual([]);
    expect(await parked('default/waits')).toMatchObject([{ because: { code: 'incident-not-found' } }, { attempt: 0, because: { code: 'waits-behind' } }]);

    await query(`insert into deployment.known_incidents values ('default/unknown-a')`);
    await eventually(async () => expect(await effects('default/waits')).toMatchObject([{ hold: 'default/waits-1' }, { hold: 'default/waits-2' }]));
    expect(await parked('default/waits')).toEqual([]);
  }, 30_000);

  it('parks a key that is longer than what an index of the database holds, and goes on with the partition', async () => {
    const long = randomBytes(6_000).toString('hex');
    const recordOf = (name: string, incident?: string) => ({ key: long, value: JSON.stringify(hold('default/long', name, incident).data), headers: attributesOf(`long-${name}`) });
    await kafka.sendRecords(topic, [recordOf('1', 'unknown-long'), recordOf('2')]);
    await kafka.sendEvents(hold('default/after-long', '1'));
    await eventually(async () => expect(await effects('default/after-long')).toHaveLength(1));
    await eventually(async () => expect(await parked(long)).toMatchObject([{ because: { code: 'incident-not-found' } }, { because: { code: 'waits-behind' } }]));

    await query(`insert into deployment.known_incidents values ('default/unknown-long')`);
    await eventually(async () => expect(await effects('default/long')).toMatchObject([{ hold: 'default/long-1' }, { hold: 'default/long-2' }]));
    expect(await parked(long)).toEqual([]);
  }, 30_000);

  it('makes a dead letter of an event after its last try, with the reason, and goes on with the key', async () => {
    const recorded = await kafka.collectEvents('millrace.deployment.dead-letter.recorded.v1');
    const [sent] = await kafka.sendEvents({ ...hold('default/dies', '1', 'unknown-b'), traceparent }, hold('default/dies', '2'));
    await eventually(async () => expect(await effects('default/dies')).toMatchObject([{ hold: 'default/dies-2' }]), 20_000);
    expect(await deadLetters('default/dies')).toMatchObject([{ attempt: 6, because: { code: 'incident-not-found', detail: 'default/unknown-b is not known yet' } }]);
    const [event] = await eventually(() => {
      const events = recorded().filter(({ correlationId }) => correlationId === sent?.correlationId);
      expect(events).toHaveLength(1);
      return events;
    });
    const [letter] = await deadLetters('default/dies');
    expect(event).toMatchObject({
      subject: letter?.id, source: '/millrace/deployment', actor: 'service:deployment', project: 'default', causationId: sent?.id,
      data: {
        deadLetter: letter?.id, service: 'deployment', topic, partition: 0, offset: expect.any(Number), key: 'default/dies', eventId: sent?.id, type: 'millrace.training.hold.placed.v1', attempts: 6,
        because: { code: 'incident-not-found', kind: 'not-found', detail: 'default/unknown-b is not known yet', cause: null },
        headers: expect.objectContaining({ ce_id: sent?.id, ce_type: 'millrace.training.hold.placed.v1' }), value: JSON.stringify(sent?.data), valueEncoding: 'utf-8',
      },
    });
    expect(event?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  }, 40_000);

  it('makes a dead letter of a refused event at once', async () => {
    await kafka.sendEvents(hold('default/refused', '1', 'refused'));
    await eventually(async () => expect(await deadLetters('default/refused')).toMatchObject([{ attempt: 1, because: { code: 'invalid-request' } }]));
  }, 30_000);

  it('tries an event that breaks the handler a few times before it is a dead letter', async () => {
    await kafka.sendEvents(hold('default/broken', '1', 'broken'));
    await eventually(async () => expect(await deadLetters('default/broken')).toMatchObject([{ attempt: 5, because: { code: 'internal-error', cause: 'The fixture is broken' } }]), 20_000);
  }, 40_000);

  it('makes a dead letter of an event whose key or data no database can keep, and goes on with the partition', async () => {
    const { data } = hold('default/zero', '1');
    const headers = { ce_type: 'millrace.training.hold.placed.v1', ce_source: '/test', ce_time: new Date().toISOString(), ce_project: 'default', ce_actor: 'service:training', ce_correlationid: 'z' };
    await kafka.sendRecords(topic, [
      { key: 'default/\u0000', value: JSON.stringify(data), headers: { ...headers, ce_id: 'zero-1' } },
      { key: 'default/zero', value: JSON.stringify({ ...data, hold: 'default/\u0000' }), headers: { ...headers, ce_id: 'zero-2' } },
    ]);
    await kafka.sendEvents(hold('default/after-zero', '1'));
    await eventually(async () => expect(await effects('default/after-zero')).toHaveLength(1), 20_000);
    expect(await deadLetters('default/\uFFFD')).toMatchObject([{ because: { code: 'invalid-event' } }]);
    expect(await deadLetters('default/zero')).toMatchObject([{ because: { code: 'unstorable-value' } }]);
  }, 30_000);

  it.each([
    ['not JSON', '{ "pipeline": ', { ce_type: 'millrace.training.hold.placed.v1', ce_id: 'a' }],
    ['not as the contract says', '{ "pipeline": 3 }', { ce_type: 'millrace.training.hold.placed.v1', ce_id: 'b' }],
    ['without a type', '{}', { ce_id: 'c' }],
    ['with U+0000 in its id and data', '"\u0000\\u0000"', { ce_type: 'millrace.training.hold.placed.v1', ce_id: 'd\u0000' }],
    ['of no time', JSON.stringify(hold('default/no-time', '1').data), { ce_type: 'millrace.training.hold.placed.v1', ce_id: 'e', ce_source: '/test', ce_time: 'yesterday' }],
  ])('makes a dead letter of an event that is %s', async (name, value, headers) => {
    const key = `default/${name.replaceAll(/[ +]/g, '-').toLowerCase()}`;
    await kafka.sendRecords(topic, [{ key, value, headers: headers as unknown as Record<string, string> }]);
    await eventually(async () => expect(await deadLetters(key)).toMatchObject([{ because: { code: 'invalid-event' } }]));
  }, 30_000);

  it('ignores fields that it does not know, and events that it does not handle', async () => {
    const event = hold('default/lenient', '1');
    await kafka.sendEvents({ ...event, data: { ...event.data, fromTheFuture: true } as never });
    await kafka.sendEvents({ type: 'millrace.training.hold.lifted.v1', data: { pipeline: 'default/lenient', hold: 'x', incident: 'y', excluded: null } as never });
    await kafka.caughtUp(group, topic);
    expect(await effects('default/lenient')).toHaveLength(1);
    expect(await deadLetters('default/lenient')).toEqual([]);
  }, 30_000);

  it('replays a dead letter with mended data', async () => {
    await kafka.sendRecords(topic, [{ key: 'default/mended', value: '{ "pipeline": "default/mended" }', headers: attributesOf('mended') }]);
    const [letter] = await eventually(async () => {
      const letters = await deadLetters('default/mended');
      expect(letters).toMatchObject([{ because: { code: 'invalid-event' } }]);
      return letters;
    });
    const path = `/dead-letters/${letter?.id}/replays`;
    expect(await service.request('POST', path, { data: { pipeline: 7 } })).toMatchObject({ status: 422, body: { code: 'invalid-event' } });
    expect(await service.request('POST', path, { data: hold('default/mended', '1').data })).toMatchObject({ status: 202 });
    await eventually(async () => expect(await effects('default/mended')).toMatchObject([{ hold: 'default/mended-1', times: 1 }]));
  }, 30_000);
});

function attributesOf(id: string): Record<string, string> {
  const attributes = { id, type: 'millrace.training.hold.placed.v1', source: '/test', time: new Date().toISOString(), project: 'default', actor: 'user:test', correlationid: id };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]));
}
