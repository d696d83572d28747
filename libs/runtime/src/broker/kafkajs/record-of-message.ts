import type { KafkaMessage } from 'kafkajs';
import type { DataRecord } from '../data-record.js';

/**
 * A kafkajs message as a record. Repeated headers keep their last value: kafkajs takes those with a name of `Object.prototype` for repeated too. Headers without a value are left out.
 * @param topic without prefix
 */
export function recordOfMessage(topic: string, partition: number, message: KafkaMessage): DataRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = (Array.isArray(value) ? value.at(-1) : value) as Buffer | string | null | undefined;
    if (last !== undefined && last !== null) headers[name] = last.toString();
  }
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key === null ? null : message.key.toString(),
    value: message.value,
    headers,
    timestampMs: Number(message.timestamp),
  };
}
