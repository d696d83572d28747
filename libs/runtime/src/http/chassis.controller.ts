import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Metrics } from '../observe/metrics.js';
import { RawRoute } from './answers.js';
import { Readiness } from './readiness.js';

/** What every service serves: health and metrics. */
@Controller()
export class ChassisController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  /** The process runs; says nothing of Kafka or Postgres, so that their absence restarts nobody. */
  @RawRoute({ method: 'GET', path: '/health/live', roles: 'public', name: 'live' })
  async live(_: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.send({ status: 'live' });
  }

  @RawRoute({ method: 'GET', path: '/health/ready', roles: 'public', name: 'ready' })
  async ready(_: FastifyRequest, reply: FastifyReply): Promise<void> {
    const checks = await this.readiness.report();
    const isReady = checks.every(({ problem }) => problem === null);
    await reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not-ready', checks });
  }

  @RawRoute({ method: 'GET', path: '/metrics', roles: 'public', name: 'metrics' })
  async scrape(_: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
