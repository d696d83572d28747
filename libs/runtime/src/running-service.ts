import type { DynamicModule, Type } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Environment } from './environment.js';
import { EventConsumer } from './events/event-consumer.js';
import { EventTransport } from './events/event-transport.js';
import { installBodyParser } from './http/body-parser.js';
import { answerProblem } from './http/problem-filter.js';
import { measureRequests } from './http/request-metrics.js';
import { Readiness } from './http/readiness.js';
import { KafkaConnection } from './kafka/kafka-connection.js';
import { Logger } from './observe/logger.js';
import { Metrics } from './observe/metrics.js';
import { nestLogger } from './observe/nest-logger.js';
import { Relay } from './relay/relay.js';
import type { Service } from './run-service.js';
import { Settings } from './settings.js';
import { Database } from './work/database.js';
import { Leadership } from './workers/leadership.js';
import { Workers } from './workers/workers.js';

class Root {}

/** The order in which a service's parts start and stop. */
export class RunningService implements Service {
  #stopping: Promise<void> | undefined;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(module: Type, env: Environment): Promise<RunningService> {
    const root = { module: Root, imports: [environmentModule(env), module] };
    // What Fastify refuses before any route, such as a path that is not percent-encoded UTF-8, is a problem document as well.
    const frameworkErrors = (error: Error, request: FastifyRequest, reply: FastifyReply): void => answerProblem(app.get<Logger>(Logger), request, reply, error);
    const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter({ routerOptions: { maxParamLength: 500 }, frameworkErrors }), { bodyParser: false, abortOnError: false, bufferLogs: true });
    const settings = app.get<Settings>(Settings);
    const logger = app.get<Logger>(Logger);
    app.useLogger(nestLogger(logger));
    const fastify = app.getHttpAdapter().getInstance();
    installBodyParser(fastify, settings.bodyLimitBytes);
    measureRequests(fastify, app.get(Metrics));
    try {
      await optional(app, Database)?.start();
      const consumer = optional(app, EventConsumer);
      if (consumer) app.connectMicroservice({ strategy: new EventTransport(consumer) }, { inheritAppConfig: true });
      await app.init();
      await app.listen(settings.port, settings.host);
      await optional(app, Leadership)?.start();
      app.get(Workers).start();
      if (consumer) await app.startAllMicroservices();
    } catch (error) {
      await new RunningService(app, '').stop();
      throw startError(error, settings);
    }
    const url = await app.getUrl();
    logger.info({ url }, 'started');
    return new RunningService(app, url);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** First what takes work in, then what finishes it, then what it stands on. */
  async #stop(): Promise<void> {
    const { shutdownMs } = this.app.get<Settings>(Settings);
    const logger = this.app.get<Logger>(Logger);
    const overdue = setTimeout(() => {
      logger.error({ shutdownMs }, 'did not stop in time');
      process.exit(1);
    }, shutdownMs + 2_000).unref();
    this.app.get(Readiness).stopping();
    await optional(this.app, EventConsumer)?.stop();
    await this.app.get(Workers).stop();
    await this.app.get(KafkaConnection).stopAll();
    await this.app.close();
    await optional(this.app, Relay)?.stop(shutdownMs / 2);
    await optional(this.app, Leadership)?.stop();
    await optional(this.app, Database)?.stop();
    clearTimeout(overdue);
    logger.info('stopped');
  }
}

class EnvironmentModule {}

function environmentModule(env: Environment): DynamicModule {
  return { module: EnvironmentModule, global: true, providers: [{ provide: Environment, useValue: env }], exports: [Environment] };
}

/** Asks the ModuleRef: `app.get` would log what is not there as an error. */
function optional<T>(app: NestFastifyApplication, part: Type<T>): T | undefined {
  try {
    return app.get(ModuleRef).get(part, { strict: false });
  } catch {
    return undefined;
  }
}

function startError(error: unknown, { host, port }: Settings): unknown {
  if ((error as { code?: string }).code !== 'EADDRINUSE') return error;
  return new MillraceError('port-taken', `${host}:${port} is taken by another process`, { cause: error });
}
