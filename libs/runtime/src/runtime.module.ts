import { randomBytes } from 'node:crypto';
import { settingsOf } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { brokerOf } from './broker/broker-of.js';
import { Clock } from './clock/clock.js';
import { systemClock } from './clock/system-clock.js';
import { durableParts } from './durable-parts.js';
import { Environment } from './environment.js';
import { DeadLettersController } from './events/dead-letters.controller.js';
import { ChassisController } from './http/chassis.controller.js';
import { JwtSigner } from './http/jwt-signer.js';
import { JwtVerifier } from './http/jwt-verifier.js';
import { ProblemFilter } from './http/problem-filter.js';
import { Readiness } from './http/readiness.js';
import { ReplyInterceptor } from './http/reply-interceptor.js';
import { RoleGuard } from './http/role-guard.js';
import { ServiceClient } from './http/service-client.js';
import { KafkaConnection } from './kafka/kafka-connection.js';
import { RecordProducer } from './kafka/record-producer.js';
import { TopicsController } from './kafka/topics.controller.js';
import { Topics } from './kafka/topics.js';
import { createLogger, Logger } from './observe/logger.js';
import { Metrics } from './observe/metrics.js';
import type { ServiceDeclaration } from './service-declaration.js';
import { ServiceIdentity } from './service-identity.js';
import { Settings } from './settings.js';
import { Workers } from './workers/workers.js';

/** Everything a service needs around its use cases. */
@Module({})
export class RuntimeModule {
  /** Declares the service. With `rows` it has a database, and with it `UnitOfWork`, relay, leadership and `@On` handlers. */
  static forService(declaration: ServiceDeclaration): DynamicModule {
    const providers = [...base(declaration.name), ...(declaration.rows ? durableParts(declaration) : transient)];
    return {
      module: RuntimeModule,
      global: true,
      controllers: [ChassisController, ...(declaration.rows ? [DeadLettersController, TopicsController] : [])],
      providers,
      exports: providers.flatMap((provider) => ('provide' in provider && typeof provider.provide !== 'string' ? [provider.provide] : [])),
    };
  }
}

function base(name: ServiceName): Provider[] {
  return [
    { provide: ServiceIdentity, useFactory: () => new ServiceIdentity(name, randomBytes(3).toString('hex')) },
    { provide: Settings, inject: [Environment], useFactory: (environment: Environment) => settingsOf(name, environment) },
    { provide: Logger, inject: [ServiceIdentity, Settings], useFactory: createLogger },
    { provide: Metrics, inject: [ServiceIdentity], useFactory: (identity: ServiceIdentity) => new Metrics(identity) },
    { provide: Readiness, useFactory: () => new Readiness() },
    { provide: Clock, useValue: systemClock },
    {
      provide: KafkaConnection,
      inject: [ServiceIdentity, Settings, Logger, Clock],
      useFactory: (identity: ServiceIdentity, settings: Settings, logger: Logger, clock: Clock) => new KafkaConnection(brokerOf(identity, settings, logger), clock, logger, settings.topicPrefix),
    },
    { provide: Topics, inject: [KafkaConnection, Settings], useFactory: (...args: ConstructorParameters<typeof Topics>) => new Topics(...args) },
    { provide: RecordProducer, inject: [KafkaConnection], useFactory: (kafka: KafkaConnection) => new RecordProducer(kafka) },
    { provide: JwtSigner, inject: [ServiceIdentity, Settings], useFactory: (...args: ConstructorParameters<typeof JwtSigner>) => new JwtSigner(...args) },
    { provide: JwtVerifier, inject: [Settings], useFactory: (settings: Settings) => new JwtVerifier(settings.jwksFile) },
    { provide: ServiceClient, inject: [Settings, JwtSigner], useFactory: (...args: ConstructorParameters<typeof ServiceClient>) => new ServiceClient(...args) },
    { provide: APP_GUARD, inject: [JwtVerifier], useFactory: (verifier: JwtVerifier) => new RoleGuard(verifier) },
    { provide: APP_FILTER, inject: [Logger], useFactory: (logger: Logger) => new ProblemFilter(logger) },
    { provide: APP_INTERCEPTOR, useFactory: () => new ReplyInterceptor() },
  ];
}

const transient: Provider[] = [{ provide: Workers, inject: [Logger, Clock], useFactory: (logger: Logger, clock: Clock) => new Workers(logger, null, clock) }];
