import { MillraceError } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import { RawRoute } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Proxy } from '../adapters/proxy.js';

const SERVICES: ReadonlySet<string> = new Set<ServiceName>(['ingestion', 'validation', 'feature-store', 'training', 'registry', 'deployment', 'inference', 'monitoring', 'governance']);

/** One door to all services. Roles are checked by the service that owns the operation. */
@Controller()
export class ProxyController {
  constructor(private readonly proxy: Proxy) {}

  @RawRoute({ method: 'ALL', path: '/api/:service/*', roles: 'public', name: 'proxyService' })
  async service(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { service } = request.params as { service: string };
    if (!SERVICES.has(service)) throw new MillraceError('route-not-found', `There is no service ${service}; there are ${[...SERVICES].join(', ')}`);
    await this.proxy.forward(service as ServiceName, request.url.slice(`/api/${service}`.length), request, reply);
  }

  /** The MLflow tracking API: `MLFLOW_TRACKING_URI=http://<gateway>/mlflow`. */
  @RawRoute({ method: 'ALL', path: '/mlflow/*', roles: 'public', name: 'proxyMlflow' })
  async mlflow(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.proxy.forward('training', request.url.slice('/mlflow'.length), request, reply);
  }

  /** Open Inference Protocol v2. */
  @RawRoute({ method: 'ALL', path: '/v2/*', roles: 'public', name: 'proxyInference' })
  async inference(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.proxy.forward('inference', request.url, request, reply);
  }

  @RawRoute({ method: 'GET', path: '/v2', roles: 'public', name: 'proxyInferenceServer' })
  async inferenceServer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.proxy.forward('inference', request.url, request, reply);
  }
}
