import { MillraceError } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import { Settings, traceOfRequest } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';

/** Headers that concern one connection only (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host']);

/** Passes requests on to services, bodies and answers as streams. */
@Injectable()
export class Proxy implements OnApplicationShutdown {
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });
  readonly #urls: Record<string, string>;
  readonly #timeoutMs: number;

  constructor(@Inject(Settings) settings: Settings<'gateway'>) {
    this.#urls = settings.serviceUrls as Record<string, string>;
    this.#timeoutMs = settings.requestTimeoutMs;
  }

  /** Sends a request to `path` of a service and answers with what it answers. Throws `service-unavailable` when it does not. */
  async forward(service: ServiceName, path: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const answer = await this.#send(this.#targetOf(service, path), service, request);
    reply.hijack();
    reply.raw.writeHead(answer.statusCode ?? 502, forwarded(answer.headers));
    // A caller or service that goes away in the middle ends the stream; there is nobody left to tell.
    await pipeline(answer, reply.raw).catch(() => reply.raw.destroy());
  }

  onApplicationShutdown(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #targetOf(service: ServiceName, path: string): URL {
    const base = this.#urls[service];
    if (!base) throw new MillraceError('service-unavailable', `No address of ${service} is set (MILLRACE_SERVICE_URLS)`);
    // Joined as text: `new URL(path, base)` would take a path that begins with two slashes for another host.
    return new URL(`${base.replace(/\/+$/, '')}${path}`);
  }

  #send(target: URL, service: string, request: FastifyRequest): Promise<IncomingMessage> {
    const isTls = target.protocol === 'https:';
    const options = { method: request.method, headers: { ...forwarded(request.headers), traceparent: traceOfRequest(request) }, timeout: this.#timeoutMs, agent: isTls ? this.#https : this.#http };
    return new Promise((resolve, reject) => {
      const upstream = (isTls ? httpsRequest : httpRequest)(target, options, resolve);
      upstream.on('timeout', () => upstream.destroy(new Error(`silent for ${this.#timeoutMs} ms`)));
      upstream.on('error', (cause) => reject(new MillraceError('service-unavailable', `${service} does not answer`, { cause })));
      request.raw.on('error', (error) => upstream.destroy(error));
      request.raw.on('aborted', () => upstream.destroy());
      request.raw.pipe(upstream);
    });
  }
}

function forwarded(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}
