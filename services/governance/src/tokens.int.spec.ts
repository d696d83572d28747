import { JwtVerifier } from '@millrace/runtime';
import { testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { GovernanceModule } from './governance.module.js';

let service: TestService;

beforeAll(async () => {
  service = await testService(GovernanceModule, { name: 'governance' });
}, 60_000);

afterAll(() => service.stop());

async function exchange(secret: string | undefined): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${service.url}/token-exchanges`, { method: 'POST', headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function secretFor(input: Parameters<typeof service.call<'createToken'>>[1]): Promise<{ id: string; secret: string }> {
  const { body } = await service.call('createToken', input);
  return { id: body.token.id, secret: body.secret as string };
}

describe('an API token', () => {
  it('of the generated administrator is exchanged for a short-lived token that every service believes', async () => {
    const { status, body } = await exchange(service.environment.secrets.adminToken);
    expect(status).toBe(200);
    const caller = await new JwtVerifier(service.environment.secrets.jwksFile).verify(body['jwt'] as string);
    expect(caller).toEqual({ subject: 'user:admin', roles: ['admin'], project: '*' });
    expect(Date.parse(body['expiresAt'] as string) - Date.now()).toBeLessThanOrEqual(300_000);
  });

  it('carries the roles and the project that it was made with', async () => {
    const { secret } = await secretFor({ subject: 'user:anna', roles: ['viewer', 'predictor'], project: 'retail' });
    expect((await exchange(secret)).body).toMatchObject({ subject: 'user:anna', roles: ['viewer', 'predictor'], project: 'retail' });
  });

  it('ends when it is revoked', async () => {
    const { id, secret } = await secretFor({ subject: 'user:anna', roles: ['viewer'] });
    expect((await exchange(secret)).status).toBe(200);
    const { body } = await service.call('revokeToken', { id });
    expect(body.revokedAt).not.toBeNull();
    expect(await exchange(secret)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('ends at its time', async () => {
    const { secret } = await secretFor({ subject: 'user:anna', roles: ['viewer'], expiresAt: '2020-01-01T00:00:00Z' });
    expect((await exchange(secret)).status).toBe(401);
  });

  it.each([undefined, 'mr_unknown', `mr_${'a'.repeat(43)}`])('that is not known is refused: %s', async (secret) => {
    expect(await exchange(secret)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('is stored by its digest alone, and shown once: a repeated request gets the token without its secret', async () => {
    const as = { idempotencyKey: 'once' };
    const first = await service.call('createToken', { subject: 'user:ben', roles: ['viewer'] }, as);
    const again = await service.call('createToken', { subject: 'user:ben', roles: ['viewer'] }, as);
    expect(again.body).toEqual({ token: first.body.token, secret: null });
    const dump = JSON.stringify([await service.environment.query('select * from governance.api_tokens'), await service.environment.query('select * from governance.answers')]);
    expect(dump).not.toContain(first.body.secret);
  });

  it('is made by administrators only, for roles that exist', async () => {
    expect(await service.request('POST', '/tokens', { subject: 'user:eve', roles: ['admin'] }, { roles: ['operator'] })).toMatchObject({ status: 403, body: { code: 'role-required' } });
    expect(await service.request('POST', '/tokens', { subject: 'user:eve', roles: ['king'] })).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    expect(await service.request('POST', '/tokens', { subject: 'service:registry', roles: ['viewer'] })).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
  });

  it('is listed without its secret', async () => {
    const { body } = await service.call('listTokens', {});
    expect(body.tokens.map(({ subject }) => subject)).toContain('user:admin');
    expect(Object.keys(body.tokens[0] ?? {}).sort()).toEqual(['createdAt', 'createdBy', 'expiresAt', 'id', 'project', 'revokedAt', 'roles', 'subject']);
  });
});

describe('the key set', () => {
  it('holds public halves only, and nothing is told without a token', async () => {
    const { body } = await service.call('getJwks', {}, { roles: ['viewer'] });
    const { keys } = body as { keys: { kid: string; d?: string }[] };
    expect((await service.request('GET', '/jwks', undefined, { roles: [] })).status).toBe(401);
    expect(keys.map(({ kid }) => kid)).toContain('governance');
    expect(keys.filter(({ d }) => d !== undefined)).toEqual([]);
  });
});
