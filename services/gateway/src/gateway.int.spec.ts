import { GovernanceModule } from '@millrace/governance';
import { TestKafka, eventually, testEnvironment, testService, tokenFor } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { jest } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayModule } from './gateway.module.js';

jest.setTimeout(60_000);

let environment: TestEnvironment;
let governance: TestService;
let gateway: TestService;
let upstream: Server;
let seen: { method: string; url: string; headers: IncomingMessage['headers']; bytes: number }[] = [];

/** Stands where training stands: says what it was asked, and streams what it is told to. */
async function answerUpstream(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let bytes = 0;
  for await (const part of request) bytes += (part as Buffer).length;
  seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, bytes });
  if (request.url?.startsWith('/broken')) return void response.destroy();
  response.writeHead(request.url?.startsWith('/teapot') ? 418 : 200, { 'content-type': 'text/plain', 'x-own': 'kept' });
  response.end(request.url?.startsWith('/large') ? Buffer.alloc(20_000_000, 'x') : 'answer');
}

beforeAll(async () => {
  environment = await testEnvironment();
  upstream = createServer((request, response) => void answerUpstream(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  governance = await testService(GovernanceModule, { name: 'governance', environment });
  const serviceUrls = { governance: governance.url, training: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`, registry: 'http://127.0.0.1:1' };
  gateway = await testService(GatewayModule, { name: 'gateway', environment, env: { MILLRACE_GATEWAY_SERVICE_URLS: JSON.stringify(serviceUrls) } });
}, 60_000);

afterAll(async () => {
  await gateway.stop();
  await governance.stop();
  upstream.closeAllConnections();
  upstream.close();
});

beforeEach(() => {
  seen = [];
});

function ask(path: string, init: RequestInit & { token?: string | undefined; duplex?: 'half' } = {}): Promise<Response> {
  const { token = environment.secrets.adminToken, ...rest } = init;
  return fetch(`${gateway.url}${path}`, { ...rest, headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...(rest.headers as Record<string, string>) } });
}

describe('the door', () => {
  it('exchanges an API token and passes on what the service answers', async () => {
    const response = await ask('/api/governance/tokens');
    expect(response.status).toBe(200);
    expect(((await response.json()) as { tokens: { subject: string }[] }).tokens[0]?.subject).toBe('user:admin');
  });

  it('hands services a JWT, never the API token, and asks for it once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ask('/api/training/runs')));
    const given = new Set(seen.map(({ headers }) => headers.authorization));
    expect(given.size).toBe(1);
    expect([...given][0]).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('leaves a JWT as it is', async () => {
    const token = await tokenFor(environment, ['tracking'], { subject: 'run:default/run-1' });
    await ask('/mlflow/api/2.0/mlflow/runs/create', { method: 'POST', token, body: '{}', headers: { 'content-type': 'application/json' } });
    expect(seen).toMatchObject([{ method: 'POST', url: '/api/2.0/mlflow/runs/create', bytes: 2, headers: { authorization: `Bearer ${token}` } }]);
  });

  it('refuses an API token that governance does not know', async () => {
    const response = await ask('/api/training/runs', { token: `mr_${'x'.repeat(43)}` });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
    expect(seen).toEqual([]);
  });

  it('opens nothing by itself: without a token the service refuses', async () => {
    expect((await ask('/api/governance/tokens', { token: '' })).status).toBe(401);
    expect((await ask('/api/governance/health/ready', { token: '' })).status).toBe(200);
  });

  it('keeps method, path, query, status and headers', async () => {
    const response = await ask('/api/training/teapot/a%2Fb?x=1&x=2', { method: 'DELETE', headers: { 'x-asked': 'yes' } });
    expect(response.status).toBe(418);
    expect(response.headers.get('x-own')).toBe('kept');
    expect(seen).toMatchObject([{ method: 'DELETE', url: '/teapot/a%2Fb?x=1&x=2', headers: { 'x-asked': 'yes' } }]);
  });

  it('streams large bodies both ways', async () => {
    const body = new Blob([Buffer.alloc(30_000_000, 'y')]).stream();
    const response = await ask('/api/training/large', { method: 'PUT', body, duplex: 'half', headers: { 'content-type': 'application/octet-stream' } });
    expect((await response.arrayBuffer()).byteLength).toBe(20_000_000);
    expect(seen[0]?.bytes).toBe(30_000_000);
  });

  it.each([
    ['/api/registry/pipelines', 503, 'service-unavailable'],
    ['/api/training/broken', 503, 'service-unavailable'],
    ['/api/deployment/routes', 503, 'service-unavailable'],
    ['/api/nobody/x', 404, 'route-not-found'],
    ['/elsewhere', 404, 'route-not-found'],
  ])('answers a problem for %s', async (path, status, code) => {
    const response = await ask(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code });
  });

  it('cannot be led to another host by its path', async () => {
    const response = await ask('/api/training//127.0.0.1:1/x');
    expect(response.status).toBe(200);
    expect(seen[0]?.url).toBe('//127.0.0.1:1/x');
  });
});

describe('the event stream', () => {
  async function follow(path: string, headers: Record<string, string> = {}): Promise<{ text: () => string; end: () => void }> {
    const abort = new AbortController();
    const response = await ask(path, { signal: abort.signal, headers });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    void (async () => {
      const decoder = new TextDecoder();
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) text += decoder.decode(part);
    })().catch(() => undefined);
    await eventually(() => expect(text).toContain(': live'), 20_000);
    return { text: () => text, end: () => abort.abort() };
  }

  it('shows the events that are asked for as CloudEvents, and goes on where a caller stopped', async () => {
    const kafka = new TestKafka(environment);
    const stream = await follow('/events?types=millrace.training.hold.*&pipeline=default/churn');
    const hold = { pipeline: 'default/churn', hold: 'default/hold-1', incident: 'default/inc-1', because: [] };
    await kafka.sendEvents({ type: 'millrace.training.hold.placed.v1', data: { ...hold, pipeline: 'default/other' } });
    await eventually(async () => {
      await kafka.sendEvents({ type: 'millrace.training.hold.placed.v1', data: hold, id: 'first' });
      expect(stream.text()).toContain('id: first');
    }, 20_000);
    stream.end();
    await kafka.sendEvents({ type: 'millrace.training.hold.lifted.v1', data: { pipeline: 'default/churn', hold: 'default/hold-1', incident: 'default/inc-1', excluded: null }, id: 'second' });
    const again = await eventually(async () => {
      const next = await follow('/events?types=millrace.training.hold.*&pipeline=default/churn', { 'last-event-id': 'first' });
      next.end();
      expect(next.text()).toContain('id: second');
      return next;
    }, 20_000);
    expect(again.text()).not.toContain('default/other');
    const data = /^data: (.+)$/m.exec(again.text().slice(again.text().indexOf('id: second')))?.[1] ?? '';
    expect(JSON.parse(data)).toMatchObject({ specversion: '1.0', id: 'second', type: 'millrace.training.hold.lifted.v1', subject: 'default/churn', data: { hold: 'default/hold-1' } });
    await kafka.stop();
  });

  it('is closed to callers without a role', async () => {
    expect((await ask('/events', { token: '' })).status).toBe(401);
    expect((await ask('/events', { token: await tokenFor(environment, ['predictor']) })).status).toBe(403);
  });
});

describe('the console', () => {
  it('is one page that loads nothing and runs nothing but itself', async () => {
    const response = await ask('/', { token: '' });
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'sha256-/);
    expect(page).toContain('<title>Millrace</title>');
    expect(page).not.toMatch(/(src|href)="(?!data:,)/);
  });
});
