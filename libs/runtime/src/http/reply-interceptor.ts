import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { HttpReply } from './http-reply.js';

/** Applies the status and headers of a `reply(...)`. */
export class ReplyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((answer: unknown) => {
        if (!(answer instanceof HttpReply) || context.getType() !== 'http') return answer;
        const response = context.switchToHttp().getResponse<FastifyReply>();
        const { status, headers = {} } = answer.options;
        if (status !== undefined) void response.status(status);
        void response.headers(headers);
        return answer.body as unknown;
      }),
    );
  }
}
