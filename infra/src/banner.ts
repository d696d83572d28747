import { relative } from 'node:path';
import type { PlatformSettings } from './platform-settings.js';
import { serviceUrls } from './service-environment.js';

/** What runs, where, and the next command to paste: six aligned lines. */
export function banner({ home, ports, compact }: Pick<PlatformSettings, 'home' | 'ports' | 'compact'>): string {
  const gateway = serviceUrls(ports).gateway;
  const shownHome = relative(process.cwd(), home).startsWith('..') ? home : relative(process.cwd(), home) || '.';
  const lines = [
    ['Millrace', `ten services, Kafka, Postgres ${compact ? 'in three processes' : 'in twelve processes'}; one node, state in ${shownHome} (not for production)`],
    ['Console', `${gateway}/`],
    ['API', `${gateway}/api/<service>   MLflow: ${gateway}/mlflow   predictions: ${gateway}/v2`],
    ['Kafka', `127.0.0.1:${ports.kafka}   Postgres: 127.0.0.1:${ports.postgres}`],
    ['Sign in', `with the token in ${shownHome}/secrets/admin-token`],
    ['Next', 'npx millrace apply -f examples/flight-delays/pipeline.yaml --wait'],
  ];
  return lines.map(([title = '', text = '']) => `${title.padEnd(10)}${text}`).join('\n');
}
