import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Link } from '@opentelemetry/api';
import type { AnyEvent } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { originOf } from '../events/event-origin.js';
import { contextOf, traceparentOf } from './trace-context.js';

/**
 * Runs the handling of an event inside a `process <topic>` span (messaging conventions of OpenTelemetry) below the producer's span;
 * what the handler emits continues that trace. A try out of `parked` is a span of the same trace; the replay of a dead letter is linked to the
 * request that asked for it, which has a trace of its own.
 * @param attempt 1 for the first try; 0 for one together with other events: when it fails, each is tried by itself, and that span tells the error
 */
export async function inConsumerSpan(event: AnyEvent, { group, attempt }: { group: string; attempt: number }, work: () => Promise<void>): Promise<void> {
  const origin = originOf(event);
  const parent = contextOf(event.traceparent);
  const span = trace.getTracer('@millrace/runtime').startSpan(
    `process ${origin?.topic ?? event.type}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': origin?.topic ?? '',
        'messaging.destination.partition.id': String(origin?.partition ?? ''),
        'messaging.consumer.group.name': group,
        'messaging.kafka.message.key': event.subject,
        'messaging.kafka.offset': Number(origin?.offset ?? -1),
        'cloudevents.event_id': event.id,
        'cloudevents.event_type': event.type,
        'millrace.attempt': attempt,
      },
      links: linksTo(origin?.replayTraceparent),
    },
    parent,
  );
  if (!span.isRecording()) return work();
  event.traceparent = traceparentOf(span.spanContext());
  try {
    await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    if (attempt === 0) span.setAttribute('millrace.undone', true);
    else span.setAttribute('error.type', error instanceof MillraceError ? error.code : 'error').setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function linksTo(traceparent: string | undefined): Link[] {
  const linked = trace.getSpanContext(contextOf(traceparent));
  return linked === undefined ? [] : [{ context: linked, attributes: { 'millrace.link': 'replay' } }];
}
