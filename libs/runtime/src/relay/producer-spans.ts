import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { contextOf, traceparentOf } from '../observe/trace-context.js';
import type { UnsentRow } from '../store/outbox-row.js';

/** Spans of one batch, one per event. */
export interface ProducerSpans {
  /** What goes into each record's header: the span's context, or what the row has stored when nothing is traced. */
  traceparents: (string | null)[];
  end(error?: unknown): void;
}

/**
 * Opens `send <topic>` spans by the messaging conventions of OpenTelemetry, each below the span that stored the row. By hand, as the
 * instrumentation of kafkajs would put all of a batch under one parent and so tear each cascade's trace.
 */
export function producerSpans(rows: readonly UnsentRow[]): ProducerSpans {
  const tracer = trace.getTracer('@millrace/runtime');
  const spans = rows.map(({ traceparent, aggregatetype, aggregateid }): Span | null => {
    if (traceparent === null) return null;
    const attributes = {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': aggregatetype,
      'messaging.kafka.message.key': aggregateid,
    };
    const span = tracer.startSpan(`send ${aggregatetype}`, { kind: SpanKind.PRODUCER, attributes }, contextOf(traceparent));
    return span.isRecording() ? span : null;
  });
  return {
    traceparents: rows.map(({ traceparent }, index) => {
      const span = spans[index];
      return span ? traceparentOf(span.spanContext()) : traceparent;
    }),
    end: (error) => spans.forEach((span) => endSpan(span, error)),
  };
}

function endSpan(span: Span | null, error: unknown): void {
  if (!span) return;
  if (error !== undefined) {
    span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
