import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { PackedRecords } from './packed-records.js';
import type { RecordPlaces } from './packed-records.js';
import { batchLayout } from './record-batch-header.js';
import type { RecordBatchHeader } from './record-batch-header.js';
import { VarintReader } from './varint-reader.js';

const [GZIP, ZSTD] = [1, 4];

/** Records of some batches of a section of a fetch answer, those before an offset left out. Throws for a codec that is not known: snappy, lz4. */
export function unpackRecords(section: Buffer, headers: readonly RecordBatchHeader[], fromOffset: number): PackedRecords {
  const laid = headers.some(({ compression }) => compression !== 0) ? decompressed(section, headers) : { bytes: section, begins: headers.map(({ from }) => from + batchLayout.records) };
  const places = emptyPlaces(headers.reduce((sum, { count }) => sum + count, 0));
  const reader = new VarintReader(laid.bytes);
  let count = 0;
  headers.forEach((header, index) => {
    reader.position = laid.begins[index] as number;
    count = readBatch(reader, header, places, count, fromOffset);
  });
  return new PackedRecords(laid.bytes, count, places);
}

function readBatch(reader: VarintReader, header: RecordBatchHeader, places: RecordPlaces, before: number, fromOffset: number): number {
  const { firstOffset, firstTimestamp, maxTimestamp, isLogAppendTime } = header;
  let place = before;
  for (let rest = header.count; rest > 0; rest -= 1) {
    const length = reader.int();
    const end = reader.position + length;
    reader.position += 1; // attributes, of which there are none
    const timestamp = firstTimestamp + reader.long();
    const offset = firstOffset + reader.int();
    places.offsets[place] = offset;
    places.timestamps[place] = isLogAppendTime ? maxTimestamp : timestamp;
    places.keyLengthFrom[place] = reader.position;
    const keyLength = reader.int();
    places.keyFrom[place] = keyLength < 0 ? -1 : reader.position;
    if (keyLength > 0) reader.position += keyLength;
    places.keyTo[place] = reader.position;
    const valueLength = reader.int();
    places.valueFrom[place] = valueLength < 0 ? -1 : reader.position;
    if (valueLength > 0) reader.position += valueLength;
    places.valueTo[place] = reader.position;
    places.headersFrom[place] = reader.position;
    reader.position = end;
    if (offset >= fromOffset) place += 1;
  }
  return place;
}

function decompressed(section: Buffer, headers: readonly RecordBatchHeader[]): { bytes: Buffer; begins: number[] } {
  const parts = headers.map((header) => plainRecords(section.subarray(header.from + batchLayout.records, header.to), header.compression));
  const begins: number[] = [];
  let begin = 0;
  for (const part of parts) {
    begins.push(begin);
    begin += part.length;
  }
  return { bytes: Buffer.concat(parts), begins };
}

function plainRecords(records: Buffer, compression: number): Buffer {
  if (compression === 0) return records;
  if (compression === GZIP) return gunzipSync(records);
  if (compression === ZSTD) return zstdDecompressSync(records);
  throw new TypeError(`records are compressed by codec ${compression}; none, gzip (1) and zstd (4) are read`);
}

function emptyPlaces(count: number): RecordPlaces {
  return {
    offsets: new Float64Array(count),
    timestamps: new Float64Array(count),
    keyFrom: new Int32Array(count),
    keyTo: new Int32Array(count),
    keyLengthFrom: new Int32Array(count),
    valueFrom: new Int32Array(count),
    valueTo: new Int32Array(count),
    headersFrom: new Int32Array(count),
  };
}
