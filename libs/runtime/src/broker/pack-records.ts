import type { DataRecord } from './data-record.js';
import type { PackedRecords } from './packed-records.js';
import { batchHeadersOf } from './record-batch-header.js';
import { encodeHeaders } from './encode-headers.js';
import { RecordBatchWriter } from './record-batch-writer.js';
import { unpackRecords } from './unpack-records.js';

/** Packs records that a client gave as objects. */
export function packRecords(records: readonly DataRecord[]): PackedRecords {
  const writer = new RecordBatchWriter();
  for (const { key, value, headers } of records) {
    const [keyBytes, headerBytes] = [key === null ? null : Buffer.from(key), encodeHeaders(headers)];
    writer.add(keyBytes, 0, keyBytes?.length ?? 0, value, 0, value?.length ?? 0, headerBytes, headerBytes.length);
  }
  const section = writer.finish(0);
  const packed = unpackRecords(section, batchHeadersOf(section) ?? [], 0);
  records.forEach(({ offset, timestampMs }, place) => {
    packed.places.offsets[place] = Number(offset);
    packed.places.timestamps[place] = timestampMs;
  });
  return packed;
}
