import type { Consumer } from '@platformatic/kafka';
import type { TopicPartition } from '../broker.js';
import type { DataRecord } from '../data-record.js';

/** What a fetch of the client gives for one partition; it exports no type for it. */
export type FetchedPartition = Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number];

const controlBatch = 0b10_0000;

/**
 * The records of a fetched partition from an offset on, and the offset to fetch next. The broker gives whole batches: records in front of the offset
 * are left out, and so are a transaction's marks. Repeated headers keep their last value.
 */
export function fetchedOf(place: TopicPartition, from: bigint, { records: batches }: FetchedPartition): { records: DataRecord[]; nextOffset: bigint } {
  const records: DataRecord[] = [];
  let nextOffset = from;
  for (const { firstOffset, lastOffsetDelta, firstTimestamp, attributes, records: some } of batches ?? []) {
    const behind = firstOffset + BigInt(lastOffsetDelta) + 1n;
    if (behind > nextOffset) nextOffset = behind;
    if (attributes & controlBatch) continue;
    for (const { offsetDelta, timestampDelta, key, value, headers } of some) {
      const offset = firstOffset + BigInt(offsetDelta);
      if (offset < from) continue;
      const entries = headers.map(([name, text]): [string, string] => [name?.toString() ?? '', text?.toString() ?? '']);
      records.push({ ...place, offset, key: key === null ? null : key.toString(), value, headers: Object.fromEntries(entries), timestampMs: Number(firstTimestamp + timestampDelta) });
    }
  }
  return { records, nextOffset };
}
