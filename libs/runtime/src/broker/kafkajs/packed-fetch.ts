import { createRequire } from 'node:module';
import type { ISocketFactory } from 'kafkajs';
import type { PackedRecords } from '../packed-records.js';
import { batchHeadersOf } from '../record-batch-header.js';
import type { RecordBatchHeader } from '../record-batch-header.js';
import { unpackRecords } from '../unpack-records.js';

const require = createRequire(import.meta.url);

interface ProtocolRequest {
  request: { apiName: string; apiVersion: number };
  response: { decode(rawData: Buffer): Promise<unknown>; parse(decoded: never): Promise<unknown> };
}

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readString(): string;
  readBytes(): Buffer | null;
  readArray<R>(read: (decoder: Decoder) => R): R[];
}

/** What kafkajs takes for one message: a whole record batch, still packed. */
interface PackedMessage {
  /** Of the batch's last record: kafkajs leaves out what lies wholly before the offset that it asked for. */
  offset: string;
  key: Buffer | null;
  value: null;
  timestamp: string;
  headers: Record<string, never>;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
  packed: { section: Buffer; header: RecordBatchHeader };
}

const fetchVersion = 11;
const packing = new WeakSet<ISocketFactory>();
let isInstalled = false;

/**
 * kafkajs makes an object with five strings and buffers of each record, some 3 us each. Clients with this socket factory get record batches as they
 * came instead, one "message" per batch, which `packedRecordsOf` reads; other clients in the process are not touched.
 */
export function packedSocketFactory(): ISocketFactory {
  install();
  const factory = (require('kafkajs/src/network/socketFactory') as () => ISocketFactory)();
  packing.add(factory);
  return factory;
}

/** The records of a batch that kafkajs gave, from the offset on that it had asked for; null when they are not packed. */
export function packedRecordsOf(messages: readonly unknown[], fetchedOffset: string): PackedRecords | null {
  const packed = messages.map((message) => (message as Partial<PackedMessage>).packed);
  const [first] = packed;
  if (!first) return null;
  return unpackRecords(first.section, packed.flatMap((one) => (one ? [one.header] : [])), Number(fetchedOffset));
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { prototype } = require('kafkajs/src/network/connectionPool') as { prototype: { socketFactory: ISocketFactory; send(request: ProtocolRequest): Promise<unknown> } };
  const { send } = prototype;
  prototype.send = function sendPacked(this: typeof prototype, protocolRequest: ProtocolRequest): Promise<unknown> {
    const { apiName, apiVersion } = protocolRequest.request;
    const isPacked = apiName === 'Fetch' && apiVersion === fetchVersion && packing.has(this.socketFactory);
    return send.call(this, isPacked ? { ...protocolRequest, response: { ...protocolRequest.response, decode } } : protocolRequest);
  };
}

/** As kafkajs' own decoder of fetch answers (version 11), but for the records. */
async function decode(rawData: Buffer): Promise<unknown> {
  const DecoderClass = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
  const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (decoder: Decoder) => Promise<unknown[]>;
  const decoder = new DecoderClass(rawData);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const sections = decoder.readArray((topic) => ({ topicName: topic.readString(), partitions: topic.readArray(partitionOf) }));
  const responses = await Promise.all(
    sections.map(async ({ topicName, partitions }) => ({
      topicName,
      partitions: await Promise.all(partitions.map(async ({ section, ...partition }) => ({ ...partition, messages: packedMessages(section) ?? (await decodeMessages(prefixed(section, DecoderClass))) }))),
    })),
  );
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function partitionOf(decoder: Decoder) {
  return {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: decoder.readInt64().toString(),
    lastStableOffset: decoder.readInt64().toString(),
    lastStartOffset: decoder.readInt64().toString(),
    abortedTransactions: decoder.readArray((one) => ({ producerId: one.readInt64().toString(), firstOffset: one.readInt64().toString() })),
    preferredReadReplica: decoder.readInt32(),
    section: decoder.readBytes() ?? Buffer.alloc(0),
  };
}

function packedMessages(section: Buffer): PackedMessage[] | null {
  const headers = batchHeadersOf(section);
  return headers && headers.map((header) => ({
    offset: String(header.lastOffset),
    key: header.isControl ? markerKeyOf(section, header) : null,
    value: null,
    timestamp: String(header.maxTimestamp),
    headers: {},
    isControlRecord: header.isControl,
    batchContext: { producerId: header.producerId.toString(), inTransaction: header.isTransactional },
    packed: { section, header },
  }));
}

/** The key of a control record says whether a transaction was aborted or committed. */
function markerKeyOf(section: Buffer, header: RecordBatchHeader): Buffer | null {
  const records = unpackRecords(section, [header], 0);
  const { keyFrom, keyTo } = records.places;
  return records.count === 0 ? null : records.bytes.subarray(keyFrom[0], keyTo[0]);
}

/** Formats older than magic 2 are read by kafkajs, which wants the length before them. */
function prefixed(section: Buffer, DecoderClass: new (bytes: Buffer) => Decoder): Decoder {
  const length = Buffer.alloc(4);
  length.writeInt32BE(section.length);
  return new DecoderClass(Buffer.concat([length, section]));
}
