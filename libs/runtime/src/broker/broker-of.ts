import type { ServiceName } from '@millrace/contracts';
import type { Logger } from 'pino';
import type { ServiceIdentity } from '../service-identity.js';
import type { Settings } from '../settings.js';
import type { Broker } from './broker.js';
import { brokerSecurityOf } from './broker-security.js';
import type { BrokerSettings } from './broker-settings.js';
import { KafkajsBroker } from './kafkajs/kafkajs-broker.js';
import { PlatformaticBroker } from './platformatic/platformatic-broker.js';

/** The Kafka client that the settings name. */
export function brokerOf(identity: ServiceIdentity, settings: Settings<ServiceName>, logger: Logger): Broker {
  const brokerSettings: BrokerSettings = {
    clientId: `millrace-${identity.name}-${identity.instance}`,
    brokers: settings.kafkaBrokers,
    topicPrefix: settings.topicPrefix,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    security: brokerSecurityOf(settings),
  };
  return settings.kafkaClient === 'platformatic' ? new PlatformaticBroker(brokerSettings, logger) : new KafkajsBroker(brokerSettings, logger);
}
