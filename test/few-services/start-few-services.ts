import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestEnvironment } from '@millrace/testing';

const root = join(import.meta.dirname, '../..');

export interface FewServices {
  gatewayUrl: string;
  stop(): void;
}

/** Starts gateway, governance, training and feature-store from their sources in a process of their own, with telemetry. @param more environment variables */
export async function startFewServices(environment: TestEnvironment, more: Record<string, string>): Promise<FewServices> {
  const env = Object.assign({}, ...(['training', 'feature-store', 'governance', 'gateway'] as const).map((name) => environment.envOf(name))) as Record<string, string>;
  const services = fork(join(import.meta.dirname, 'services.ts'), {
    execArgv: ['--disable-warning=TimeoutNegativeWarning', '--import', join(root, 'libs/testing/typescript-sources.mjs'), '--import', join(root, 'libs/runtime/src/telemetry.ts')],
    env: { PATH: process.env['PATH'], ...env, ...more },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [gatewayUrl] = (await Promise.race([once(services, 'message'), once(services, 'exit').then(() => Promise.reject(new Error('The services ended while starting')))])) as [string];
  return { gatewayUrl, stop: () => void services.kill('SIGKILL') };
}
