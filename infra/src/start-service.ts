import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnGuarded } from './guarded-process.js';
import type { GuardedProcess } from './guarded-process.js';
import { LaunchError } from './launch-error.js';
import { keepServiceLog } from './service-log.js';
import { projectRoot, toolchainDirectory } from './toolchain.js';

const patienceMs = 90_000;

export interface ServiceProcessOptions {
  /** `registry`, or `services` for all in one process. */
  name: string;
  /** The program that Node runs. */
  program: string;
  env: Record<string, string>;
  /** Base URLs whose `/health/ready` must answer 200. */
  urls: readonly string[];
  home: string;
  shownLevel: 'info' | 'warn' | 'error';
  show(line: string, service?: string): void;
}

/**
 * Starts a service as a process of its own and resolves when it is ready.
 * @throws LaunchError with its last log lines when it ends, or is not ready within 90 s
 */
export async function startService(options: ServiceProcessOptions): Promise<GuardedProcess> {
  const pidFile = join(options.home, 'run', `${options.name}.pid`);
  const logFile = join(options.home, 'logs', `${options.name}.log`);
  const service = await spawnGuarded({
    // kafkajs computes negative delays; Node takes them as 1 ms and would warn each time
    name: options.name, command: process.execPath, args: ['--disable-warning=TimeoutNegativeWarning', '--import', '@millrace/runtime/telemetry', options.program], cwd: projectRoot,
    env: { ...process.env, NODE_COMPILE_CACHE: join(toolchainDirectory(), 'compile-cache'), OTEL_SERVICE_NAME: options.name, ...options.env }, pidFile, stopSignal: 'TERM',
  });
  const log = keepServiceLog(service.outputs, logFile, options.shownLevel, options.show);
  try {
    await Promise.race([allReady(options.urls, service), earlyEnd(service, options.name, log.last, logFile)]);
  } catch (error) {
    await service.stop(5000);
    throw error;
  }
  return service;
}

async function earlyEnd(service: GuardedProcess, name: string, last: readonly string[], logFile: string): Promise<never> {
  const { code } = await service.exited;
  const lines = last.map((line) => `\n    ${line}`).join('');
  throw new LaunchError(`${name} ended with exit code ${code} before it was ready; its log is ${logFile}:${lines}`);
}

async function allReady(urls: readonly string[], service: GuardedProcess): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const url of urls) {
    while (service.running && !(await isReady(url))) {
      if (Date.now() > deadline) throw new LaunchError(`${url}/health/ready did not answer 200 within ${patienceMs / 1000} s: ${await notReadyBecause(url)}`);
      await pause(100);
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

async function notReadyBecause(url: string): Promise<string> {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) }).catch((error: unknown) => error as Error);
  return response instanceof Error ? response.message : (await response.text()).slice(0, 500);
}
