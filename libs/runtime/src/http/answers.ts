import 'reflect-metadata';
import { operations } from '@millrace/contracts';
import type { Operation, OperationId, OperationInput, OperationOutput } from '@millrace/contracts';
import { HttpCode, Req, RequestMapping, RequestMethod, Res, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestCause } from '../work/cause.js';
import type { HttpReply } from './http-reply.js';
import { CauseOfRequest } from './cause-of-request.js';
import { InputOfRequest } from './input-of-request.js';
import { operationMetadata } from './route-access.js';
import type { RouteAccess } from './route-access.js';

type Handler<Id extends OperationId> = (input: OperationInput<Id>, cause: RequestCause) => Promise<OperationOutput<Id> | HttpReply<OperationOutput<Id>>>;
type RawHandler = (request: FastifyRequest, reply: FastifyReply, cause: RequestCause) => Promise<void>;

/**
 * Makes a method the answer to an operation of contracts/http: route, role, status and checks come from there; the method is given
 * the checked input (path, query and body merged) and the cause. A method whose types differ from the contract does not compile.
 */
export function Answers<Id extends OperationId>(id: Id) {
  return <M extends Handler<Id>>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>): void => {
    route(operations[id], false)(target, key, descriptor);
    InputOfRequest(id)(target, key, 0);
    CauseOfRequest()(target, key, 1);
  };
}

/**
 * The same for bodies that are not JSON (uploads, downloads, server-sent events, proxies): the method reads `request.raw` and answers
 * through `reply`; the body is not parsed. `inputOfRequest(id, request)` gives the checked path and query.
 */
export function AnswersRaw(id: OperationId) {
  return <M extends RawHandler>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>): void => {
    route(operations[id], true)(target, key, descriptor);
    rawParameters(target, key);
  };
}

/** A route that is not an operation of a contract, e.g. a proxy. `path` is Fastify's form (`/api/*`). */
export interface RawRouteOptions {
  method: keyof typeof RequestMethod;
  path: string;
  /** The caller needs one of these roles; `public`: none. */
  roles: readonly string[] | 'public';
  /** Name for logs and metrics. */
  name: string;
  /** True: a JSON body is read into `request.body`. Default: the body stays in the stream `request.raw`. */
  parsesBody?: boolean;
}

/** A raw route outside of the contracts: see `AnswersRaw` for how it is called. */
export function RawRoute({ method, path, roles, name, parsesBody = false }: RawRouteOptions) {
  return <M extends RawHandler>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>): void => {
    const access: RouteAccess = { operationId: name, roles: roles === 'public' ? ['public'] : roles, isRaw: !parsesBody, maxBodyBytes: null };
    RequestMapping({ method: RequestMethod[method], path })(target, key, descriptor);
    declareAccess(access)(target, key, descriptor);
    rawParameters(target, key);
  };
}

function route({ operationId, method, path, roles, status, maxBodyBytes }: Operation, isRaw: boolean): MethodDecorator {
  return (target, key, descriptor) => {
    const access: RouteAccess = { operationId, roles, isRaw, maxBodyBytes };
    RequestMapping({ method: RequestMethod[method as keyof typeof RequestMethod], path: path.replace(/\{(\w+)\}/g, ':$1') })(target, key, descriptor);
    HttpCode(status)(target, key, descriptor);
    declareAccess(access)(target, key, descriptor);
  };
}

/** The guard reads it from the method, the body parser from Fastify's route. */
function declareAccess(access: RouteAccess): MethodDecorator {
  return (target, key, descriptor) => {
    SetMetadata(operationMetadata, access)(target, key, descriptor);
    RouteConfig({ [operationMetadata]: access })(target, key, descriptor);
  };
}

function rawParameters(target: object, key: string): void {
  Req()(target, key, 0);
  Res()(target, key, 1);
  CauseOfRequest()(target, key, 2);
}
