import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import { context, trace } from '@opentelemetry/api';
import type { ServiceName } from '@millrace/contracts';
import type { ServiceIdentity } from '../service-identity.js';
import type { Settings } from '../settings.js';

/** Structured log of the service (pino, one JSON object per line on stdout). Injected by `@Inject(Logger) logger: Logger`. */
export type Logger = PinoLogger;
export const Logger = Symbol('Logger');

export function createLogger(identity: ServiceIdentity, settings: Settings<ServiceName>): Logger {
  return pino({
    level: settings.logLevel,
    base: { service: identity.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const span = trace.getSpanContext(context.active());
      return span ? { traceId: span.traceId, spanId: span.spanId } : {};
    },
  });
}
