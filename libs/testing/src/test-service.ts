import { operations } from '@millrace/contracts';
import type { OperationId, OperationInput, OperationOutput, ServiceName } from '@millrace/contracts';
import { runService } from '@millrace/runtime';
import type { Service } from '@millrace/runtime';
import type { Type } from '@nestjs/common';
import { eventually } from './eventually.js';
import { testEnvironment } from './test-environment.js';
import type { TestEnvironment } from './test-environment.js';
import { tokenFor } from './token-for.js';

export interface TestServiceOptions {
  /** As the module declares it. */
  name: ServiceName;
  /** Share one with other services of the suite; default: a new one. */
  environment?: TestEnvironment;
  /** More environment variables, by their full names. */
  env?: Record<string, string>;
}

export interface CallAs {
  /** Default `['admin']`. */
  roles?: string[];
  subject?: string;
  project?: string;
  idempotencyKey?: string;
}

/** What came back over HTTP. */
export interface Answer<B = unknown> {
  status: number;
  headers: Headers;
  body: B;
}

/** A service under test, on a free port. */
export interface TestService extends Service {
  environment: TestEnvironment;
  /** Calls an operation of the contract over HTTP. Fields with a default may be left out, as over HTTP. */
  call<Id extends OperationId>(id: Id, input: Partial<OperationInput<Id>>, as?: CallAs): Promise<Answer<OperationOutput<Id>>>;
  /** Any request; the token is that of `as`, none for `roles: []`. */
  request(method: string, path: string, body?: unknown, as?: CallAs): Promise<Answer>;
}

/** Starts a service's module on a free port, with a database, topics and secrets of its own, and waits until it is ready. */
export async function testService(module: Type, { name, environment, env = {} }: TestServiceOptions): Promise<TestService> {
  const place = environment ?? (await testEnvironment());
  const service = await runService(module, { env: place.envOf(name, env), handleSignals: false });
  await eventually(async () => {
    const response = await fetch(`${service.url}/health/ready`);
    if (response.status !== 200) throw new Error(await response.text());
  }, 20_000);
  const request: TestService['request'] = (method, path, body, as) => send(place, service.url, { method, path, body }, as);
  return {
    app: service.app,
    url: service.url,
    stop: () => service.stop(),
    environment: place,
    request,
    call: (id, input, as) => request(...requestOf(id, input), as) as Promise<Answer<never>>,
  };
}

/** An operation and its merged input as method, path with query, and body. */
function requestOf(id: OperationId, input: object): [string, string, unknown] {
  const { method, path, pathTypes, queryTypes } = operations[id];
  const fields: Record<string, unknown> = { ...input };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])));
  const query = new URLSearchParams(Object.keys(queryTypes).flatMap((name) => (fields[name] === undefined ? [] : [[name, String(fields[name])] as [string, string]])));
  for (const name of [...Object.keys(pathTypes), ...Object.keys(queryTypes)]) delete fields[name];
  return [method, query.size > 0 ? `${filled}?${query}` : filled, method === 'GET' ? undefined : fields];
}

async function send(place: TestEnvironment, url: string, { method, path, body }: { method: string; path: string; body: unknown }, as: CallAs = {}): Promise<Answer> {
  const { roles = ['admin'], subject, project, idempotencyKey } = as;
  const token = await tokenFor(place, roles, { ...(subject === undefined ? {} : { subject }), ...(project === undefined ? {} : { project }) });
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(roles.length === 0 ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text !== '' && /json/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : text };
}
