/** Kafka's default for the largest record batch is 1,048,588 bytes; kafkajs makes one batch of what one request holds for a partition. */
export const largestBatchBytes = 900_000;
/** kafkajs groups a request's records by partition in time that grows with the square of their number: a thousand are quick, many thousands are not. */
export const mostRecordsPerRequest = 1_000;
/** What a record takes besides key, value and headers, generously. */
const recordOverheadBytes = 100;

/** The longest beginning of a list that fits into one request; at least its first item. Order is kept, nothing is skipped. */
export function firstWithin<R>(items: readonly R[], bytesOf: (item: R) => number, maxBytes: number = largestBatchBytes): R[] {
  const some = items.slice(0, mostRecordsPerRequest);
  let bytes = 0;
  const end = some.findIndex((item, index) => (bytes += bytesOf(item) + recordOverheadBytes) > maxBytes && index > 0);
  return end < 0 ? some : some.slice(0, end);
}

/** Bytes of a record's parts as UTF-8. */
export function bytesOfParts(...parts: (string | Buffer | null | undefined)[]): number {
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part ?? ''), 0);
}
