import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Health checks and scrapes would be most of the spans. */
const quietPaths = ['/health/live', '/health/ready', '/metrics'];

/** Starts the OpenTelemetry SDK; what is collected is sent when the process ends. @param endpoint base URL of an OTLP collector */
export function startTracing(endpoint: string): void {
  const sdk = new NodeSDK({
    serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'millrace',
    traceExporter: new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href }),
    instrumentations: [
      getNodeAutoInstrumentations({
        ...Object.fromEntries(unused.map((name) => [name, { enabled: false }])),
        '@opentelemetry/instrumentation-http': { ignoreIncomingRequestHook: ({ url }) => quietPaths.includes(url ?? '') },
        '@opentelemetry/instrumentation-pg': { requireParentSpan: true },
      }),
    ],
  });
  sdk.start();
  const flush = (): void => void sdk.shutdown().catch(() => undefined);
  process.once('beforeExit', flush);
  process.once('SIGTERM', flush);
  process.once('SIGINT', flush);
}

/** kafkajs: its instrumentation would overwrite the trace that the outbox has stored; the runtime makes those spans itself. The others are noise. */
const unused = ['fs', 'net', 'dns', 'kafkajs', 'nestjs-core', 'pino', 'runtime-node', 'host-metrics'].map((name) => `@opentelemetry/instrumentation-${name}`);
