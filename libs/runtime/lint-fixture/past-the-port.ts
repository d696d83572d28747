// Deliberately wrong: lint must reject both imports of this file (infra/src/lint-rules.int.spec.ts).
import { Kafka } from 'kafkajs';
import { Producer } from '@platformatic/kafka';

export const clients = [Kafka, Producer];
