import { createHash } from 'node:crypto';
import { createParamDecorator, } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { uuidV7 } from '../uuid.js';
import type { RequestCause } from '../work/cause.js';
import { callerOf } from './caller.js';
import { operationMetadata } from './route-access.js';
import type { RouteAccess } from './route-access.js';
import { traceOfRequest } from './trace-of-request.js';

const causes = new WeakMap<FastifyRequest, RequestCause>();

/** The cause of a request: who, which project, which Idempotency-Key, which trace. */
export function causeOf(request: FastifyRequest, operationId: string): RequestCause {
  const known = causes.get(request);
  if (known) return known;
  const { subject, roles, project: callerProject } = callerOf(request);
  const key = textHeader(request, 'idempotency-key');
  const id = key ?? uuidV7(Date.now());
  const cause: RequestCause = {
    kind: 'request',
    id,
    idempotent: key !== undefined,
    actor: subject,
    roles,
    callerProject,
    project: projectOf(request) ?? 'default',
    operationId,
    bodySha256: key === undefined ? '' : digestOf(request),
    correlationId: textHeader(request, 'mr-correlation-id') ?? id,
    ...causation(textHeader(request, 'mr-causation-id')),
    traceparent: traceOfRequest(request),
  };
  causes.set(request, cause);
  return cause;
}

/** The project that a request addresses in its path, query or body; undefined when it names none. */
export function projectOf(request: FastifyRequest): string | undefined {
  const { params, query, body } = request as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };
  const named = params?.['project'] ?? query?.['project'] ?? (typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['project'] : undefined);
  return typeof named === 'string' ? named : undefined;
}

/** Parameter decorator behind `@Answers`. */
export const CauseOfRequest = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const access = Reflect.getMetadata(operationMetadata, context.getHandler()) as RouteAccess;
  return causeOf(context.switchToHttp().getRequest<FastifyRequest>(), access.operationId);
});

function digestOf({ url, body }: FastifyRequest): string {
  return createHash('sha256').update(`${url}\0${JSON.stringify(body ?? null)}`).digest('hex');
}

function causation(causationId: string | undefined): { causationId?: string } {
  return causationId === undefined ? {} : { causationId };
}

function textHeader({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}
