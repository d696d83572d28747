import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Health checks and scrapes would be most of the spans. */
const quietPaths = ['/health/live', '/health/ready', '/metrics'];

/**
 * Starts the OpenTelemetry SDK; what is collected is sent when the process ends. HTTP, fetch and Postgres instrument themselves; Kafka is left
 * out, as its instrumentation would overwrite the trace that the outbox has stored. None of the three needs Node's loader hook, which is slow.
 * @param endpoint base URL of an OTLP collector
 */
export function startTracing(endpoint: string): void {
  const sdk = new NodeSDK({
    serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'millrace',
    traceExporter: new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href }),
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => quietPaths.includes(url ?? '') }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  const flush = (): void => void sdk.shutdown().catch(() => undefined);
  process.once('beforeExit', flush);
  process.once('SIGTERM', flush);
  process.once('SIGINT', flush);
}
