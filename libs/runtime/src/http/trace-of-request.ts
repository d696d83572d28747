import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { newTraceparent, traceIdOf } from '../observe/trace-context.js';

const traces = new WeakMap<FastifyRequest, string>();

/**
 * The W3C `traceparent` under which a request is handled, the same each time: that of the server's span when traces are collected, else that
 * of the caller, else a new one. What the request emits continues it, and a problem document names its trace id.
 */
export function traceOfRequest(request: FastifyRequest): string {
  const known = traces.get(request);
  if (known !== undefined) return known;
  nameServerSpan(request);
  const active = trace.getSpanContext(context.active());
  const sent = request.headers['traceparent'];
  const isOfCaller = typeof sent === 'string' && traceIdOf(sent) !== undefined && !(active && isSpanContextValid(active));
  const traceparent = isOfCaller ? sent : newTraceparent();
  traces.set(request, traceparent);
  return traceparent;
}

/** The instrumentation of HTTP does not know routes, so it names a span by its method alone. */
function nameServerSpan({ method, routeOptions }: FastifyRequest): void {
  const route = routeOptions.url;
  if (route !== undefined) trace.getActiveSpan()?.updateName(`${method} ${route}`).setAttribute('http.route', route);
}
