import { Logger, answerProblem } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { TokenExchange } from './token-exchange.js';

/** Puts the JWT in the place of an API token before anything else looks at a request, so that every route behind it knows one kind of token. */
@Injectable()
export class SignIn {
  constructor(
    { httpAdapter }: HttpAdapterHost,
    tokens: TokenExchange,
    @Inject(Logger) logger: Logger,
  ) {
    const fastify = httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', async (request, reply) => {
      try {
        const authorization = await tokens.authorizationFor(request.headers.authorization);
        if (authorization !== undefined) request.headers.authorization = authorization;
      } catch (error) {
        answerProblem(logger, request, reply, error);
        return reply;
      }
    });
  }
}
