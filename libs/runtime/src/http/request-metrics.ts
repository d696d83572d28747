import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observe/metrics.js';
import { operationMetadata } from './route-access.js';
import type { RouteAccess } from './route-access.js';

/** Measures every answered request, by operation and status. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const access = (request.routeOptions.config as unknown as Record<string, RouteAccess | undefined>)[operationMetadata];
    metrics.httpSeconds.observe({ operation: access?.operationId ?? 'none', status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    done();
  });
}
