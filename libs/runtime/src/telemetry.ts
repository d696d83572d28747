/**
 * Traces, for `node --import @millrace/runtime/telemetry main.js`. Without `MILLRACE_OTLP_ENDPOINT` nothing is loaded and nothing costs.
 * With it spans of HTTP, Postgres, and the runtime's own Kafka spans go to that OpenTelemetry collector (OTLP over HTTP).
 * `OTEL_SERVICE_NAME` names the service; the process is named `millrace` without it.
 */
import { register } from 'node:module';

const endpoint = process.env['MILLRACE_OTLP_ENDPOINT'];
if (endpoint) {
  // The hook must stand before any instrumented module is loaded: it is what lets import statements be instrumented.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const { startTracing } = await import('./observe/start-tracing.js');
  startTracing(endpoint);
}
