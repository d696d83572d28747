import type { TopicRecords } from '../broker/broker.js';
import type { NewRecord } from '../broker/data-record.js';
import type { UnsentRow } from '../store/outbox-row.js';

/** Groups rows by topic, each topic's rows in the order given: the producer keeps that order per partition, so also per key. */
export function topicRecordsOf(rows: readonly UnsentRow[], traceparents: readonly (string | null)[]): TopicRecords[] {
  const byTopic = new Map<string, NewRecord[]>();
  rows.forEach((row, index) => {
    const records = byTopic.get(row.aggregatetype) ?? [];
    byTopic.set(row.aggregatetype, records);
    const traceparent = traceparents[index];
    records.push({
      key: row.aggregateid,
      value: row.payload,
      headers: traceparent ? { ...row.headers, traceparent } : row.headers,
    });
  });
  return [...byTopic].map(([topic, records]) => ({ topic, records }));
}
