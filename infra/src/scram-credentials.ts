import { pbkdf2, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Kafka } from 'kafkajs';
import { LaunchError } from './launch-error.js';

const require = createRequire(import.meta.url);
const alterUserScramCredentials = { apiKey: 51, apiVersion: 0, apiName: 'AlterUserScramCredentials' };
const sha512 = { code: 2, digest: 'sha512', bytes: 64 } as const;
const iterations = 4096;
/** Kafka's CLUSTER_AUTHORIZATION_FAILED. */
const notAuthorized = 31;

interface Encoder {
  writeInt8(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(value: string): Encoder;
  writeUVarIntBytes(value: Buffer): Encoder;
}

interface Decoder {
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readUVarInt(): number;
  readUVarIntString(): string;
}

interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findControllerBroker(): Promise<{ connectionPool: { send(request: object): Promise<UserResult[]> } }>;
}

interface UserResult {
  user: string;
  errorCode: number;
  error: string;
}

/**
 * Makes users, or sets their passwords anew, by SCRAM-SHA-512. The broker is told a salted hash only. kafkajs has no call for this request (Kafka's
 * number 51), so it is encoded here and sent over kafkajs' signed-in connection.
 * @throws LaunchError when the broker refuses one
 */
export async function setScramPasswords(kafka: Kafka, passwords: Readonly<Record<string, string>>): Promise<void> {
  const users = await Promise.all(Object.entries(passwords).map(async ([user, password]) => ({ user, ...(await saltedOf(password)) })));
  const cluster = clusterOf(kafka);
  await cluster.connect();
  try {
    await cluster.refreshMetadata();
    const broker = await cluster.findControllerBroker();
    const results = await broker.connectionPool.send({ request: { ...alterUserScramCredentials, encode: () => Promise.resolve(encoded(users)) }, response: { decode, parse: (results: UserResult[]) => Promise.resolve(results) } });
    const refused = results.find(({ errorCode }) => errorCode !== 0);
    if (refused?.errorCode === notAuthorized) throw new LaunchError('Kafka lets only its administrators make users, and this user is none.');
    if (refused) throw new LaunchError(`Kafka does not take the user ${refused.user}: ${refused.error || `error ${refused.errorCode}`}.`);
  } finally {
    await cluster.disconnect();
  }
}

interface SaltedUser {
  user: string;
  salt: Buffer;
  saltedPassword: Buffer;
}

async function saltedOf(password: string): Promise<{ salt: Buffer; saltedPassword: Buffer }> {
  const salt = randomBytes(32);
  return { salt, saltedPassword: await promisify(pbkdf2)(password, salt, iterations, sha512.bytes, sha512.digest) };
}

/** Compact lists and texts say their length plus one; a zero byte says that no tagged fields follow (the first ends the header). */
function encoded(users: readonly SaltedUser[]): Encoder {
  const EncoderClass = require('kafkajs/src/protocol/encoder') as new () => Encoder;
  const encoder = new EncoderClass().writeUVarInt(0).writeUVarInt(1).writeUVarInt(users.length + 1);
  for (const { user, salt, saltedPassword } of users) {
    encoder.writeUVarIntString(user).writeInt8(sha512.code).writeInt32(iterations).writeUVarIntBytes(salt).writeUVarIntBytes(saltedPassword).writeUVarInt(0);
  }
  return encoder.writeUVarInt(0);
}

function decode(rawData: Buffer): Promise<UserResult[]> {
  const DecoderClass = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
  const decoder = new DecoderClass(rawData);
  decoder.readUVarInt();
  decoder.readInt32();
  const count = decoder.readUVarInt() - 1;
  const results = Array.from({ length: count }, (): UserResult => {
    const result = { user: decoder.readUVarIntString(), errorCode: decoder.readInt16(), error: decoder.readUVarIntString() };
    decoder.readUVarInt();
    return result;
  });
  return Promise.resolve(results);
}

/** kafkajs makes its clients' clusters by a method under a private symbol. */
function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  if (!symbol) throw new TypeError('this version of kafkajs makes no clusters as 2.2.4 does');
  return (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol]?.({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, maxInFlightRequests: null }) as Cluster;
}

