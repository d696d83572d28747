import { eventually, TestKafka, testService, tokenFor } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { FixtureModule } from './testing/fixture.module.js';

const rollBack = { project: 'default', name: 'flights', note: 'once' };

describe('the HTTP side of a service', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
  }, 60_000);

  afterAll(() => service.stop(), 30_000);

  const authorized = async (token: string): Promise<Response> => fetch(`${service.url}/routes/default/flights`, { headers: { authorization: `Bearer ${token}` } });

  it('answers an operation of the contract, with headers of its own', async () => {
    const answer = await service.call('getRoute', { project: 'default', name: 'flights' }, { roles: ['viewer'] });
    expect(answer).toMatchObject({ status: 200, body: { pipeline: 'default/flights', revision: 1 } });
    expect(answer.headers.get('etag')).toBe('"1"');
  });

  it('answers an error as a problem document', async () => {
    const answer = await service.call('getRoute', { project: 'default', name: 'missing' });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer).toMatchObject({
      status: 404,
      body: { type: 'https://millrace.dev/problems/pipeline-not-found', status: 404, code: 'pipeline-not-found', detail: 'There is no pipeline default/missing', instance: '/routes/default/missing' },
    });
    expect(answer.body).toHaveProperty('traceId', expect.stringMatching(/^[0-9a-f]{32}$/));
  });

  it('does not show the inside of what broke', async () => {
    const answer = await service.call('getRoute', { project: 'default', name: 'broken' });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('names every flaw of a request at once', async () => {
    const answer = await service.request('POST', '/routes/default/flights/rollbacks', { nothing: 1 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-request', errors: [{ message: 'missing field "note"' }, { message: 'unknown field "nothing"' }] } });
  });

  it.each([
    ['broken JSON', '{ "note": ', 400, 'unreadable-body'],
    ['a body over the limit', JSON.stringify({ note: 'x'.repeat(1_100_000) }), 413, 'payload-too-large'],
    ['a list for an object', '[]', 422, 'invalid-request'],
  ])('refuses %s', async (_, body, status, code) => {
    expect(await service.request('POST', '/routes/default/flights/rollbacks', body)).toMatchObject({ status, body: { code } });
  });

  it('refuses another media type', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(service.environment, ['admin'])}`, 'content-type': 'text/plain' };
    const response = await fetch(`${service.url}/routes/default/flights/rollbacks`, { method: 'POST', headers, body: 'note' });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([415, 'unsupported-media-type']);
  });

  it('answers unknown and unreadable addresses with a problem document', async () => {
    expect(await service.request('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'route-not-found' } });
    expect(await service.request('GET', '/routes/default/%ff')).toMatchObject({ status: 400, body: { code: 'unreadable-address' } });
  });

  it('is closed without a token, with an expired one, and with one that somebody else signed', async () => {
    expect(await service.request('GET', '/routes/default/flights', undefined, { roles: [] })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    const other = await testServiceKeys();
    const tokens = [await tokenFor(service.environment, ['admin'], { expiresIn: '-1 minute' }), await tokenFor(other, ['admin'])];
    for (const token of tokens) expect((await authorized(token)).status).toBe(401);
  });

  it('asks for one of the roles that the operation declares', async () => {
    expect(await service.call('rollBackRoute', rollBack, { roles: ['viewer'] })).toMatchObject({ status: 403, body: { code: 'role-required' } });
  });

  it('lets a service speak for itself only', async () => {
    const own = await tokenFor(service.environment, ['service'], { issuer: 'registry', subject: 'service:registry' });
    expect((await authorized(own)).status).toBe(403);
    const forged = [
      await tokenFor(service.environment, ['admin'], { issuer: 'registry', subject: 'service:registry' }),
      await tokenFor(service.environment, ['viewer'], { issuer: 'registry', subject: 'user:alice' }),
      await tokenFor(service.environment, ['viewer'], { issuer: 'training', subject: 'run:default/run-1' }),
    ];
    for (const token of forged) expect((await authorized(token)).status).toBe(401);
  });

  it('refuses a token of another project', async () => {
    expect(await service.call('getRoute', { project: 'default', name: 'flights' }, { roles: ['viewer'], project: 'other' })).toMatchObject({ status: 403, body: { code: 'project-forbidden' } });
  });

  it('does once what is asked twice with the same Idempotency-Key, and gives the same answer', async () => {
    const as = { idempotencyKey: 'key-1' };
    const first = await service.call('rollBackRoute', rollBack, as);
    const answers = await Promise.all([service.call('rollBackRoute', rollBack, as), service.call('rollBackRoute', rollBack, as)]);
    expect(first.status).toBe(201);
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 201, body: first.body });
    const [row] = await service.environment.query<{ n: number }>(`select count(*)::int as n from deployment.effects where pipeline = 'default/flights'`);
    expect(row?.n).toBe(1);
  });

  it('refuses an Idempotency-Key that came with another request', async () => {
    await service.call('rollBackRoute', rollBack, { idempotencyKey: 'key-2' });
    const answer = await service.call('rollBackRoute', { ...rollBack, note: 'another' }, { idempotencyKey: 'key-2' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('emits for a request with its caller as the actor', async () => {
    const kafka = new TestKafka(service.environment);
    const emitted = await kafka.collectEvents('millrace.deployment.pipeline-part.ready.v1');
    await service.call('rollBackRoute', { ...rollBack, name: 'acted' }, { subject: 'user:alice', roles: ['operator'] });
    await eventually(() => expect(emitted().find(({ subject }) => subject === 'default/acted')).toMatchObject({ actor: 'user:alice', project: 'default' }));
    await kafka.stop();
  }, 20_000);

  it('serves health and metrics without a token', async () => {
    expect(await service.request('GET', '/health/live', undefined, { roles: [] })).toMatchObject({ status: 200 });
    expect(await service.request('GET', '/health/ready', undefined, { roles: [] })).toMatchObject({ status: 200, body: { status: 'ready' } });
    const metrics = await service.request('GET', '/metrics', undefined, { roles: [] });
    expect(metrics.body).toContain('millrace_deployment_outbox_oldest_seconds 0');
    expect(metrics.body).toContain('millrace_deployment_http_request_seconds_count{operation="getRoute",status="200"}');
  });

  const testServiceKeys = async (): Promise<TestService['environment']> => (await import('@millrace/testing')).testEnvironment();
});
