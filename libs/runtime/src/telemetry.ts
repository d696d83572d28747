/**
 * Traces, for `node --import @millrace/runtime/telemetry main.js`. Without `MILLRACE_OTLP_ENDPOINT` nothing is loaded and nothing costs.
 * With it spans of HTTP, Postgres, and the runtime's own Kafka spans go to that OpenTelemetry collector (OTLP over HTTP).
 * `OTEL_SERVICE_NAME` names the service; the process is named `millrace` without it.
 */
const endpoint = process.env['MILLRACE_OTLP_ENDPOINT'];
if (endpoint) {
  const { startTracing } = await import('./observe/start-tracing.js');
  startTracing(endpoint);
}

export {};
