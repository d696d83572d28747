import { inputOf } from '@millrace/contracts';
import type { OperationId, OperationInput } from '@millrace/contracts';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const inputs = new WeakMap<FastifyRequest, object>();

/** The checked input of a request: path, query and JSON body merged. Throws `invalid-request` with every flaw. Computed once per request. */
export function inputOfRequest<Id extends OperationId>(id: Id, request: FastifyRequest): OperationInput<Id> {
  const known = inputs.get(request);
  if (known) return known as OperationInput<Id>;
  const { params, query, body } = request as { params: Record<string, string>; query: Record<string, string | string[]>; body?: unknown };
  const input = inputOf(id, { path: params, query, body: body ?? undefined });
  inputs.set(request, input as object);
  return input;
}

/** Parameter decorator behind `@Answers`. */
export const InputOfRequest = createParamDecorator((id: OperationId, context: ExecutionContext) => inputOfRequest(id, context.switchToHttp().getRequest<FastifyRequest>()));
