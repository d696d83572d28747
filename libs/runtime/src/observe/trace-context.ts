import { randomBytes } from 'node:crypto';
import { context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A W3C `traceparent` (version 00): that of the active span, or a new one. A new one is marked as sampled: whoever collects traces decides. */
export function newTraceparent(): string {
  const active = trace.getSpanContext(context.active());
  if (active && isSpanContextValid(active)) return traceparentOf(active);
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** The trace id inside a traceparent, undefined for anything else. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return pattern.exec(traceparent ?? '')?.[1];
}

/** A context whose parent span is the remote one that a traceparent names; the root context for anything else. */
export function contextOf(traceparent: string | undefined): Context {
  const match = pattern.exec(traceparent ?? '');
  if (!match) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '00'] = match;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true });
}
