import { MillraceError } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RawRoute } from '../http/answers.js';
import type { RequestCause } from '../work/cause.js';
import { Workers } from '../workers/workers.js';
import { DeadLetters } from './dead-letters.js';

/** Dead letters and parked events of a service: every service that handles events serves these addresses. */
@Controller()
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly workers: Workers,
  ) {}

  /** Newest first, at most 200. */
  @RawRoute({ method: 'GET', path: '/dead-letters', roles: ['viewer', 'operator', 'service'], name: 'listDeadLetters' })
  async list(_: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.send({ deadLetters: await this.deadLetters.list() });
  }

  @RawRoute({ method: 'GET', path: '/dead-letters/:id', roles: ['viewer', 'operator', 'service'], name: 'getDeadLetter' })
  async get(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.send(await this.deadLetters.get(idOf(request)));
  }

  /** Tries the event again through the inbox, so what had an effect has none twice. The body may hold mended `data`. */
  @RawRoute({ method: 'POST', path: '/dead-letters/:id/replays', roles: ['operator'], name: 'replayDeadLetter', parsesBody: true })
  async replay(request: FastifyRequest, reply: FastifyReply, { actor }: RequestCause): Promise<void> {
    const letter = await this.deadLetters.replay(idOf(request), actor, mendedData(request.body));
    this.workers.wake('retry-parked');
    await reply.status(202).send(letter);
  }

  @RawRoute({ method: 'DELETE', path: '/dead-letters/:id', roles: ['operator'], name: 'dropDeadLetter' })
  async drop(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.deadLetters.drop(idOf(request));
    await reply.status(204).send();
  }

  @RawRoute({ method: 'GET', path: '/parked-events', roles: ['viewer', 'operator', 'service'], name: 'listParkedEvents' })
  async listParked(_: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.send({ parkedEvents: await this.deadLetters.listParked() });
  }
}

function idOf(request: FastifyRequest): string {
  const { id = '' } = request.params as { id?: string };
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new MillraceError('dead-letter-not-found', `${id} is not the id of a dead letter`);
  return id;
}

/** The body is empty or `{ data }`. */
function mendedData(body: unknown): unknown {
  if (body === undefined || body === null) return undefined;
  const { data, ...others } = body as { data?: unknown };
  const [unknownField] = Object.keys(others);
  if (unknownField !== undefined) throw new MillraceError('invalid-request', `unknown field "${unknownField}"`, { errors: [{ path: '/', message: `unknown field "${unknownField}"` }] });
  return data;
}
