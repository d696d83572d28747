import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Environment } from './environment.js';
import { RunningService } from './running-service.js';

export interface RunOptions {
  /** Default `process.env`. Give one when several services run in one process. */
  env?: Environment;
  /** End on SIGTERM and SIGINT. Default true. */
  handleSignals?: boolean;
}

/** A service that runs. */
export interface Service {
  app: NestFastifyApplication;
  /** Base URL, e.g. `http://127.0.0.1:7405`. */
  url: string;
  /** Finishes what is in hand and stops; idempotent. */
  stop(): Promise<void>;
}

/** Runs a module as a service: settings, database, HTTP, events, workers. Throws when the settings are wrong, the port is taken, or Postgres stays away; Kafka may come later. */
export async function runService(module: Type, { env = process.env, handleSignals = true }: RunOptions = {}): Promise<Service> {
  const service = await RunningService.start(module, env);
  if (handleSignals) stopOnSignal(service);
  return service;
}

const signalled = new Set<Service>();

/** Several services may share the process: all are stopped, then the process ends. */
function stopOnSignal(service: Service): void {
  signalled.add(service);
  if (signalled.size > 1) return;
  const stop = (): void => {
    void Promise.allSettled([...signalled].map((one) => one.stop())).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
