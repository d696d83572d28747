import type { TopicMessages } from 'kafkajs';

/** A row of the outbox as the relay reads it. */
export interface UnsentRow {
  position: number;
  /** Topic without prefix. */
  aggregatetype: string;
  aggregateid: string;
  type: string;
  payload: string | null;
  headers: Record<string, string>;
  traceparent: string | null;
}

/** Groups rows by topic, each topic's rows in the order given: kafkajs keeps that order per partition, so also per key. */
export function topicMessagesOf(rows: readonly UnsentRow[], traceparents: readonly (string | null)[], nameOf: (topic: string) => string): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages>();
  rows.forEach((row, index) => {
    const topicMessages = byTopic.get(row.aggregatetype) ?? { topic: nameOf(row.aggregatetype), messages: [] };
    byTopic.set(row.aggregatetype, topicMessages);
    const traceparent = traceparents[index];
    topicMessages.messages.push({
      key: row.aggregateid,
      value: row.payload,
      headers: traceparent ? { ...row.headers, traceparent } : row.headers,
    });
  });
  return [...byTopic.values()];
}
