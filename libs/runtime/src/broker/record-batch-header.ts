/** Layout of a Kafka record batch of magic 2: bytes from its beginning. */
export const batchLayout = { length: 8, magic: 16, crc: 17, attributes: 21, lastOffsetDelta: 23, firstTimestamp: 27, maxTimestamp: 35, producerId: 43, producerEpoch: 51, firstSequence: 53, count: 57, records: 61 } as const;
/** The length counts from behind itself. */
export const lengthEnd = 12;
export const magic = 2;

const [compressionMask, logAppendTimeFlag, transactionalFlag, controlFlag] = [0x7, 0x8, 0x10, 0x20];

/** What stands before the records of a batch. */
export interface RecordBatchHeader {
  /** Byte in the section at which the batch begins, and the one behind it. */
  from: number;
  to: number;
  firstOffset: number;
  lastOffset: number;
  count: number;
  firstTimestamp: number;
  maxTimestamp: number;
  producerId: bigint;
  /** Kafka's number of the codec; 0: none. */
  compression: number;
  isLogAppendTime: boolean;
  isTransactional: boolean;
  isControl: boolean;
}

/** The headers of the whole batches in a section of a fetch answer; the last batch may be cut off, then it is left out. Null: older formats. */
export function batchHeadersOf(section: Buffer): RecordBatchHeader[] | null {
  const headers: RecordBatchHeader[] = [];
  for (let from = 0; from + batchLayout.records <= section.length; ) {
    if (section[from + batchLayout.magic] !== magic) return null;
    const to = from + lengthEnd + section.readInt32BE(from + batchLayout.length);
    if (to > section.length) break;
    headers.push(headerAt(section, from, to));
    from = to;
  }
  return headers;
}

function headerAt(section: Buffer, from: number, to: number): RecordBatchHeader {
  const attributes = section.readInt16BE(from + batchLayout.attributes);
  const firstOffset = Number(section.readBigInt64BE(from));
  return {
    from,
    to,
    firstOffset,
    lastOffset: firstOffset + section.readInt32BE(from + batchLayout.lastOffsetDelta),
    count: section.readInt32BE(from + batchLayout.count),
    firstTimestamp: Number(section.readBigInt64BE(from + batchLayout.firstTimestamp)),
    maxTimestamp: Number(section.readBigInt64BE(from + batchLayout.maxTimestamp)),
    producerId: section.readBigInt64BE(from + batchLayout.producerId),
    compression: attributes & compressionMask,
    isLogAppendTime: (attributes & logAppendTimeFlag) > 0,
    isTransactional: (attributes & transactionalFlag) > 0,
    isControl: (attributes & controlFlag) > 0,
  };
}
