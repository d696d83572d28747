import { eventually, TestKafka, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import type { DeadLetter } from '@millrace/contracts';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';

const topic = 'millrace.training.hold';
const group = 'millrace.deployment';
const operator = { roles: ['operator'], subject: 'user:anna' };

describe('the dead letters of a service', () => {
  let service: TestService;
  let kafka: TestKafka;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_RETRY_TRIES: '2', MILLRACE_DEPLOYMENT_RETRY_FIRST_DELAY_MS: '20', MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
    kafka = new TestKafka(service.environment);
  }, 60_000);

  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  }, 30_000);

  const query = <T>(sql: string, parameters?: unknown[]): Promise<T[]> => service.environment.query<T>(sql, parameters);
  const effects = (pipeline: string): Promise<{ hold: string; times: number }[]> => query('select hold, times from deployment.effects where pipeline = $1 order by place', [pipeline]);
  const knows = (incident: string): Promise<unknown> => query('insert into deployment.known_incidents values ($1)', [incident]);

  /** The letters of a key once there are that many, the oldest first. */
  function lettersOf(key: string, count: number, state: DeadLetter['state'] | 'any' = 'open'): Promise<DeadLetter[]> {
    return eventually(async () => {
      const { body } = await service.call('listDeadLetters', { key, state });
      expect(body.deadLetters).toHaveLength(count);
      return body.deadLetters.toReversed();
    }, 20_000);
  }

  it('are replayed by an operator through the inbox, which is told to auditors; a second replay has no effect', async () => {
    const replayed = await kafka.collectEvents('millrace.deployment.dead-letter.replayed.v1');
    const [sent] = await kafka.sendEvents(hold('default/replayed', '1', 'unknown-c'));
    const [letter] = await lettersOf('default/replayed', 1);
    const id = letter?.id ?? '';
    await knows('default/unknown-c');
    expect(await service.call('replayDeadLetter', { id }, { roles: ['viewer'] })).toMatchObject({ status: 403, body: { code: 'role-required' } });
    expect(await service.call('replayDeadLetter', { id, reason: 'The incident is known now' }, operator)).toMatchObject({ status: 202, body: { id, replayedBy: 'user:anna' } });
    await eventually(async () => expect(await effects('default/replayed')).toMatchObject([{ times: 1 }]));
    await lettersOf('default/replayed', 1, 'handled');
    await eventually(() => expect(replayed()).toMatchObject([{ actor: 'user:anna', subject: id, correlationId: sent?.correlationId, causationId: sent?.id, data: { deadLetter: id, eventId: sent?.id, reason: 'The incident is known now', mended: false } }]));

    expect(await service.call('replayDeadLetter', { id }, operator)).toMatchObject({ status: 202, body: { state: 'handled' } });
    await kafka.sendEvents(hold('default/replayed', '2'));
    await eventually(async () => expect(await effects('default/replayed')).toMatchObject([{ times: 1 }, { hold: 'default/replayed-2' }]));
    expect(replayed()).toHaveLength(1);
  }, 60_000);

  it('are one for an event that comes again on another offset', async () => {
    const [sent] = await kafka.sendEvents(hold('default/copied', '1', 'unknown-z'));
    await lettersOf('default/copied', 1);
    await knows('default/unknown-z');
    await kafka.sendEvents({ ...hold('default/copied', '1', 'unknown-z'), id: sent?.id ?? '' }, hold('default/copied', '2'));
    await eventually(async () => expect(await effects('default/copied')).toMatchObject([{ hold: 'default/copied-2' }]));
    await lettersOf('default/copied', 1);
  }, 60_000);

  it('that were handled on another offset have no effect when they are replayed', async () => {
    // As after the days for which the inbox keeps ids.
    const forget = (id = ''): Promise<unknown> => query('delete from deployment.inbox_ids where event_id = $1', [id]);
    const [sent] = await kafka.sendEvents(hold('default/again', '1', 'unknown-d'));
    await lettersOf('default/again', 1);
    await forget(sent?.id);
    await kafka.sendEvents({ ...hold('default/again', '1', 'unknown-d'), id: sent?.id ?? '' });
    const [first, second] = await lettersOf('default/again', 2);
    await knows('default/unknown-d');
    await service.call('replayDeadLetter', { id: first?.id ?? '' }, operator);
    await lettersOf('default/again', 1, 'handled');
    await forget(sent?.id);
    expect(await service.call('replayDeadLetter', { id: second?.id ?? '' }, operator)).toMatchObject({ body: { state: 'handled' } });
    expect(await effects('default/again')).toMatchObject([{ times: 1 }]);
  }, 60_000);

  it('are listed by type, key, code, event and state, in pages, newest first, and shown with the record as it was', async () => {
    await kafka.sendEvents(...['1', '2', '3'].map((name) => hold('default/listed', name, 'refused')), hold('default/listed', '4', 'unknown-e'));
    const letters = await lettersOf('default/listed', 4);
    const invalid = await service.call('listDeadLetters', { key: 'default/listed', code: 'invalid-request', limit: 2 });
    expect(invalid.body.deadLetters.map(({ because }) => because.code)).toEqual(['invalid-request', 'invalid-request']);
    const rest = await service.call('listDeadLetters', { key: 'default/listed', code: 'invalid-request', limit: 2, before: invalid.body.next ?? '' });
    expect(rest.body.next).toBeNull();
    const ids = [...invalid.body.deadLetters, ...rest.body.deadLetters].map(({ id }) => id);
    expect(ids).toEqual(letters.filter(({ because }) => because.code === 'invalid-request').map(({ id }) => id).toReversed());
    const [first] = letters;
    expect((await service.call('listDeadLetters', { eventId: first?.eventId ?? '' })).body.deadLetters).toEqual([first]);
    expect((await service.call('listDeadLetters', { type: 'millrace.training.hold.lifted.v1', key: 'default/listed' })).body.deadLetters).toEqual([]);
    expect(await service.request('GET', '/dead-letters?limit=201')).toMatchObject({ status: 422 });
    const { body } = await service.call('getDeadLetter', { id: first?.id ?? '' });
    expect(body).toMatchObject({ letter: first, headers: { ce_id: first?.eventId }, value: JSON.stringify(hold('default/listed', '1', 'refused').data), valueEncoding: 'utf-8' });
    expect(await service.call('getDeadLetter', { id: '0199a8f0-4b1e-7c3a-9d52-6f0e8b1a2c3d' })).toMatchObject({ status: 404, body: { code: 'dead-letter-not-found' } });
  }, 60_000);

  it('keep the bytes that were read, also when they are no text', async () => {
    const recorded = await kafka.collectEvents('millrace.deployment.dead-letter.recorded.v1');
    const value = Buffer.from([0x7b, 0xff, 0x00, 0xfe]);
    await kafka.sendRecords(topic, [{ key: 'default/bytes', value, headers: attributesOf('bytes') }]);
    const [letter] = await lettersOf('default/bytes', 1);
    expect((await service.call('getDeadLetter', { id: letter?.id ?? '' })).body).toMatchObject({ value: value.toString('base64'), valueEncoding: 'base64', valueBytes: 4 });
    await eventually(() => expect(recorded().find(({ subject }) => subject === letter?.id)?.data).toMatchObject({ value: value.toString('base64'), valueEncoding: 'base64' }));
  }, 30_000);

  it('of another project are seen and touched by nobody whose token is for one project', async () => {
    await kafka.sendEvents({ ...hold('other/hidden', '1', 'refused'), project: 'other' });
    const [letter] = await lettersOf('other/hidden', 1);
    const id = letter?.id ?? '';
    const mine = { roles: ['operator'], project: 'default' };
    expect((await service.call('listDeadLetters', { key: 'other/hidden' }, mine)).body.deadLetters).toEqual([]);
    expect((await service.call('listDeadLetters', { key: 'other/hidden' }, { ...mine, project: 'other' })).body.deadLetters).toHaveLength(1);
    for (const answer of [await service.call('getDeadLetter', { id }, mine), await service.call('replayDeadLetter', { id }, mine), await service.call('dropDeadLetter', { id, reason: 'x' }, mine)]) expect(answer).toMatchObject({ status: 404 });
    expect((await service.call('dropDeadLetters', { all: true, reason: 'x', type: 'nothing' }, mine)).body).toEqual({ dropped: 0, remaining: 0 });
  }, 30_000);

  it('are dropped with a reason: their content is erased, and nobody can replay them', async () => {
    const dropped = await kafka.collectEvents('millrace.deployment.dead-letter.dropped.v1');
    await kafka.sendEvents(hold('default/dropped', '1', 'refused'));
    const [letter] = await lettersOf('default/dropped', 1);
    const id = letter?.id ?? '';
    expect(await service.call('dropDeadLetter', { id }, operator)).toMatchObject({ status: 422 });
    expect(await service.call('dropDeadLetter', { id, reason: 'A test event' }, operator)).toMatchObject({ status: 200, body: { state: 'dropped', droppedBy: 'user:anna', dropReason: 'A test event' } });
    expect((await service.call('getDeadLetter', { id })).body).toMatchObject({ headers: {}, value: null });
    expect(await service.call('replayDeadLetter', { id }, operator)).toMatchObject({ status: 409, body: { code: 'dead-letter-dropped' } });
    await eventually(() => expect(dropped()).toMatchObject([{ actor: 'user:anna', subject: id, data: { reason: 'A test event', because: { code: 'invalid-request' } } }]));
  }, 30_000);

  it('are replayed all at once that match, in the order of their topic; a later event of the key waits behind them', async () => {
    await kafka.sendEvents(...['1', '2', '3'].map((name) => hold('default/bulk', name, 'unknown-f')), hold('default/bulk', 'passed'));
    await lettersOf('default/bulk', 3);
    await eventually(async () => expect(await effects('default/bulk')).toHaveLength(1), 20_000);
    await knows('default/unknown-f');
    expect(await service.call('replayDeadLetters', {}, operator)).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    expect(await service.call('replayDeadLetters', { key: 'default/bulk', limit: 2, reason: 'Mended' }, operator)).toMatchObject({ status: 202, body: { replayed: 2, remaining: 1 } });
    expect(await service.call('replayDeadLetters', { code: 'incident-not-found', key: 'default/bulk' }, operator)).toMatchObject({ body: { replayed: 1, remaining: 0 } });
    await kafka.sendEvents(hold('default/bulk', 'later'));
    await eventually(async () => expect((await effects('default/bulk')).map(({ hold: name }) => name)).toEqual(['passed', '1', '2', '3', 'later'].map((name) => `default/bulk-${name}`)), 20_000);
  }, 60_000);

  it('that fail again keep their id and are open again', async () => {
    await kafka.sendEvents(hold('default/still', '1', 'unknown-g'));
    const [letter] = await lettersOf('default/still', 1);
    const id = letter?.id ?? '';
    await service.call('replayDeadLetter', { id }, operator);
    await eventually(async () => {
      const { body } = await service.call('getDeadLetter', { id });
      expect(body.letter).toMatchObject({ state: 'open', replayedAt: null, attempts: 2 });
      expect(body.letter.deadAt > (letter?.deadAt ?? '')).toBe(true);
    }, 20_000);
  }, 40_000);

  it('are apart from events that wait for another try, which are listed with why and until when', async () => {
    const more = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_RETRY_FIRST_DELAY_MS: '60000', MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
    const place = new TestKafka(more.environment);
    await place.sendEvents(hold('default/parked', '1', 'unknown-h'), hold('default/parked', '2'));
    await place.caughtUp(group, topic);
    const { body } = await more.call('listParkedEvents', { key: 'default/parked' });
    expect(body.parkedEvents).toMatchObject([
      { service: 'deployment', attempts: 1, waitsBehind: false, because: { code: 'incident-not-found' } },
      { attempts: 0, waitsBehind: true, because: null },
    ]);
    expect(Date.parse(body.parkedEvents[0]?.nextAttemptAt ?? '')).toBeGreaterThan(Date.parse(body.parkedEvents[0]?.parkedAt ?? ''));
    expect((await more.call('listDeadLetters', {})).body.deadLetters).toEqual([]);
    await place.stop();
    await more.stop();
  }, 60_000);
});

function attributesOf(id: string): Record<string, string> {
  const attributes = { id, type: 'millrace.training.hold.placed.v1', source: '/test', time: new Date().toISOString(), project: 'default', actor: 'user:test', correlationid: id };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]));
}
