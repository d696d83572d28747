import { createRequire } from 'node:module';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { crc32c } from '../crc32c.js';
import type { DataRecord } from '../data-record.js';
import { encodeHeaders } from '../encode-headers.js';
import { packRecords } from '../pack-records.js';
import { batchHeadersOf, batchLayout } from '../record-batch-header.js';
import { RecordBatchWriter, sealBatch } from '../record-batch-writer.js';
import { unpackRecords } from '../unpack-records.js';
import { recordOfMessage } from './record-of-message.js';

const require = createRequire(import.meta.url);
const kafkajs = {
  Decoder: require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => unknown,
  decodeBatch: require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: unknown) => Promise<{ records: KafkaMessage[] }>,
  Record: require('kafkajs/src/protocol/recordBatch/record/v0') as (message: object) => unknown,
  RecordBatch: (require('kafkajs/src/protocol/recordBatch/v0') as { RecordBatch: (options: object) => Promise<{ buffer: Buffer }> }).RecordBatch,
};

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((one) => one !== '__proto__');
const record = fc.record({
  key: fc.option(fc.string({ unit: 'grapheme', maxLength: 80 })),
  value: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
  headers: fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 20 }), { maxKeys: 3, noNullPrototype: true }),
  timestampMs: fc.integer({ min: 0, max: 2 ** 42 }),
});
const records = fc.array(record, { minLength: 1, maxLength: 200 }).map((list): DataRecord[] => list.map((one, index) => ({ ...one, topic: 't', partition: 3, offset: BigInt(index) })));

async function byKafkajs(list: readonly DataRecord[], firstTimestamp: number): Promise<Buffer> {
  const encoded = list.map(({ key, value, headers, timestampMs }, offsetDelta) => kafkajs.Record({ key, value, headers, offsetDelta, timestampDelta: timestampMs - firstTimestamp }));
  return (await kafkajs.RecordBatch({ records: encoded, firstTimestamp, maxTimestamp: firstTimestamp, producerId: 1n, producerEpoch: 0, firstSequence: 0, lastOffsetDelta: list.length - 1 })).buffer;
}

/** A batch as a producer would have sent it through a codec of this number. */
function compressed(batch: Buffer, codec: number, compress: (bytes: Buffer) => Buffer): Buffer {
  const packed = Buffer.concat([batch.subarray(0, batchLayout.records), compress(batch.subarray(batchLayout.records))]);
  packed.writeInt16BE(codec, batchLayout.attributes);
  packed.writeInt32BE(packed.length - 12, batchLayout.length);
  return packed;
}

describe('packed records', () => {
  it('are what kafkajs wrote, plain or compressed, batch after batch, from the offset asked for', async () => {
    await fc.assert(
      fc.asyncProperty(records, records, fc.nat(220), fc.integer({ min: 0, max: 2 ** 42 }), async (first, second, from, timestamp) => {
        const later = second.map((one) => ({ ...one, offset: one.offset + 1000n }));
        const batch = await byKafkajs(second, timestamp);
        batch.writeBigInt64BE(1000n, 0);
        for (const one of [batch, compressed(batch, 1, gzipSync), compressed(batch, 4, zstdCompressSync)]) {
          const section = Buffer.concat([await byKafkajs(first, timestamp), one, one.subarray(0, one.length - 1)]);
          const packed = unpackRecords(section, batchHeadersOf(section) ?? [], from);
          expect(packed.recordsOf('t', 3)).toEqual([...first, ...later].filter(({ offset }) => offset >= BigInt(from)));
          const place = packed.placeOf(1000);
          expect(packed.places.offsets[place]).toBe(1000);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('that are written are what kafkajs reads, with a checksum that holds', async () => {
    const writer = new RecordBatchWriter();
    await fc.assert(
      fc.asyncProperty(records, async (list) => {
        for (const { key, value, headers } of list) {
          const [keyBytes, headerBytes] = [key === null ? null : Buffer.from(key), encodeHeaders(headers)];
          writer.add(keyBytes, 0, keyBytes?.length ?? 0, value, 0, value?.length ?? 0, headerBytes, headerBytes.length);
        }
        const batch = writer.finish(5);
        sealBatch(batch, { producerId: 7n, producerEpoch: 1, firstSequence: 9 });
        const read = await kafkajs.decodeBatch(new kafkajs.Decoder(Buffer.from(batch)));
        const seen = read.records.map((message) => recordOfMessage('t', 3, message));
        expect(seen.map(({ key, value, offset, headers }) => ({ key, value, offset, headers }))).toEqual(list.map(({ key, value, offset, headers }) => ({ key, value, offset, headers })));
        expect(batch.readUInt32BE(batchLayout.crc)).toBe(crc32c(batch, batchLayout.attributes));
      }),
      { numRuns: 40 },
    );
  });

  it('are the same when a client gave them as objects', () => {
    fc.assert(fc.property(records, (list) => expect(packRecords(list).recordsOf('t', 3)).toEqual(list)), { numRuns: 40 });
  });

  it('carry the checksum of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  });
});

describe('a message of kafkajs', () => {
  const message = { key: null, value: null, timestamp: '0', attributes: 0, offset: '7' };

  it('keeps the last value of a repeated header, and is read whatever headers a stranger sends', () => {
    const headers = { repeated: [Buffer.from('a'), Buffer.from('b')], toString: [Object.prototype.toString, Buffer.from('c')], nothing: null } as unknown as KafkaMessage['headers'];
    expect(recordOfMessage('t', 3, { ...message, headers } as KafkaMessage).headers).toEqual({ repeated: 'b', toString: 'c' });
  });
});
