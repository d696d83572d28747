// Deliberately wrong: lint must reject every line of this file (infra/src/lint-rules.int.spec.ts).
import { Kafka } from 'kafkajs';
import * as governance from '@millrace/governance';

export default function publishPastTheOutbox(): unknown {
  new Kafka({ brokers: [] }).producer().connect();
  return governance;
}
