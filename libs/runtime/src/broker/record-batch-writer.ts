import { crc32c } from './crc32c.js';
import { batchLayout, lengthEnd, magic } from './record-batch-header.js';

const longestVarint = 5;
const firstBytes = 64 * 1024;
const mostSpares = 6;
/** Of a record beside key, value and headers: its length, attributes, two deltas, and three counts. */
const recordOverheadBytes = 7 * longestVarint;
/** The timestamp is the producer's; no compression, no transaction. */
const attributes = 0;

/** Writes records one behind the other into one record batch of magic 2, straight from the bytes they came in. Reused batch after batch. */
export class RecordBatchWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #position: number = batchLayout.records;
  #count = 0;
  readonly #spares: Buffer<ArrayBuffer>[] = [];

  get count(): number {
    return this.#count;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#position;
  }

  /**
   * Adds a record behind the others; key and value may be null.
   * @param headers as `encodeHeaders` makes them, up to `headersTo`
   */
  add(key: Buffer | null, keyFrom: number, keyTo: number, value: Buffer | null, valueFrom: number, valueTo: number, headers: Buffer, headersTo: number): void {
    const keyLength = keyTo - keyFrom;
    const valueLength = valueTo - valueFrom;
    this.#grow(recordOverheadBytes + keyLength + valueLength + headersTo);
    const body = 2 + varintSize(this.#count) + varintSize(keyLength) + keyLength + varintSize(valueLength) + valueLength + headersTo;
    this.#varint(body);
    this.#bytes[this.#position++] = 0; // attributes
    this.#bytes[this.#position++] = 0; // timestamp as that of the batch
    this.#varint(this.#count);
    this.#part(key, keyFrom, keyTo);
    this.#part(value, valueFrom, valueTo);
    this.#copy(headers, 0, headersTo);
    this.#count += 1;
  }

  /**
   * Adds a record whose key and value stand in `bytes` as another record batch holds them, with their lengths.
   * @param headers as `encodeHeaders` makes them, up to `headersTo`
   */
  addEncoded(bytes: Buffer, from: number, to: number, headers: Buffer, headersTo: number): void {
    this.#grow(recordOverheadBytes + to - from + headersTo);
    this.#varint(2 + varintSize(this.#count) + to - from + headersTo);
    this.#bytes[this.#position++] = 0; // attributes
    this.#bytes[this.#position++] = 0; // timestamp as that of the batch
    this.#varint(this.#count);
    this.#copy(bytes, from, to);
    this.#copy(headers, 0, headersTo);
    this.#count += 1;
  }

  /** Takes back the bytes of a batch that nobody needs any more: fresh memory costs more than the copy into it. */
  reuse(batch: Buffer): void {
    if (this.#spares.length < mostSpares) this.#spares.push(Buffer.from(batch.buffer as ArrayBuffer, batch.byteOffset));
  }

  /** The batch without producer and checksum (`sealBatch`), and the writer empty again. The bytes are the caller's. */
  finish(timestampMs: number): Buffer {
    const batch = this.#bytes.subarray(0, this.#position);
    batch.writeBigInt64BE(0n, 0);
    batch.writeInt32BE(batch.length - lengthEnd, batchLayout.length);
    batch.writeInt32BE(-1, lengthEnd); // leader epoch
    batch.writeInt8(magic, batchLayout.magic);
    batch.writeInt16BE(attributes, batchLayout.attributes);
    batch.writeInt32BE(this.#count - 1, batchLayout.lastOffsetDelta);
    batch.writeBigInt64BE(BigInt(timestampMs), batchLayout.firstTimestamp);
    batch.writeBigInt64BE(BigInt(timestampMs), batchLayout.maxTimestamp);
    batch.writeInt32BE(this.#count, batchLayout.count);
    this.#bytes = this.#spares.pop() ?? Buffer.allocUnsafeSlow(this.#bytes.length);
    this.#position = batchLayout.records;
    this.#count = 0;
    return batch;
  }

  #grow(more: number): void {
    if (this.#position + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#position + more));
    this.#bytes.copy(grown, 0, 0, this.#position);
    this.#bytes = grown;
  }

  #part(bytes: Buffer | null, from: number, to: number): void {
    if (bytes === null) {
      this.#bytes[this.#position++] = nullLength;
      return;
    }
    this.#varint(to - from);
    this.#copy(bytes, from, to);
  }

  #varint(value: number): void {
    let rest = value << 1; // zigzag of what is not negative
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#position++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#position++] = rest;
  }

  #copy(from: Buffer, first: number, last: number): void {
    const bytes = this.#bytes;
    let position = this.#position;
    if (last - first > longCopyBytes) from.copy(bytes, position, first, last);
    else for (let index = first; index < last; index += 1) bytes[position++] = from[index] as number;
    this.#position += last - first;
  }
}

/** A length of -1 as a varint: null. */
const nullLength = 1;
/** Below, a loop is quicker than a call. */
const longCopyBytes = 40;

/** Puts a producer's number into a batch, and the checksum over everything behind itself. */
export function sealBatch(batch: Buffer, { producerId, producerEpoch, firstSequence }: { producerId: bigint; producerEpoch: number; firstSequence: number }): void {
  batch.writeBigInt64BE(producerId, batchLayout.producerId);
  batch.writeInt16BE(producerEpoch, batchLayout.producerEpoch);
  batch.writeInt32BE(firstSequence, batchLayout.firstSequence);
  batch.writeUInt32BE(crc32c(batch, batchLayout.attributes), batchLayout.crc);
}

function varintSize(value: number): number {
  return value < 0x40 ? 1 : value < 0x2000 ? 2 : value < 0x100000 ? 3 : value < 0x8000000 ? 4 : 5;
}
