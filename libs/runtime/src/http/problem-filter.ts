import { MillraceError } from '@millrace/contracts';
import type { ErrorCode } from '@millrace/contracts';
import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { traceIdOf } from '../observe/trace-context.js';
import { databaseError } from '../work/database-errors.js';
import { traceOfRequest } from './trace-of-request.js';

const retryAfterS = 1;
/** What Fastify and Nest throw themselves, by status. */
const codeOfStatus: Partial<Record<number, ErrorCode>> = { 400: 'unreadable-body', 401: 'unauthenticated', 404: 'route-not-found', 413: 'payload-too-large', 415: 'unsupported-media-type' };

/** The one place that maps errors: to problem documents (RFC 9457) for HTTP; for events they pass on with their kind, which Nest would replace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() === 'rpc') return throwError(() => error);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    answerProblem(this.logger, request, reply, error);
  }
}

/** Answers an error as a problem document; logs what is not the caller's doing. */
export function answerProblem(logger: Logger, request: FastifyRequest, reply: FastifyReply, thrown: unknown): void {
  const error = millraceErrorOf(thrown);
  const traceId = traceIdOf(traceOfRequest(request));
  const { code, title, status, detail, fields } = error;
  if (error.kind === 'internal') logger.error({ err: error, method: request.method, url: request.url, traceId }, 'a request failed');
  if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
  if (error.kind === 'unavailable') reply.header('retry-after', String(retryAfterS));
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  void reply
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...fields, ...protocolFields(request.url, detail), type: `https://millrace.dev/problems/${code}`, title, status, detail, instance: request.url, code, traceId }));
}

/** Clients of the Open Inference Protocol look for `error`; a problem document may have members of its own (RFC 9457, section 3.2). */
function protocolFields(url: string, detail: string): { error?: string } {
  return /^\/v2(\/|$)/.test(url) ? { error: detail } : {};
}

/** Any error as one of ours. What is unknown is internal, and its message is not shown. */
export function millraceErrorOf(thrown: unknown): MillraceError {
  const error = databaseError(thrown);
  if (error instanceof MillraceError) return error;
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  const code = isBadAddress(error) ? 'unreadable-address' : codeOfStatus[status ?? 500];
  if (code) return new MillraceError(code, (error as Error).message, { cause: error });
  return new MillraceError('internal-error', 'Something broke inside Millrace', { cause: error });
}

/** Fastify's word for a path that is not percent-encoded UTF-8. */
function isBadAddress(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'FST_ERR_BAD_URL';
}
