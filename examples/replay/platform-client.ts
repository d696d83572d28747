import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Kafka, logLevel, type Admin, type KafkaConfig, type Producer } from 'kafkajs';

/** Brokers and, where access is switched on, certificate and user. */
export type KafkaAccess = Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>;

/** What any client does: calls through the gateway with an API token, publishes records on the data sets' topics. */
export class PlatformClient {
  private readonly gatewayUrl: string;
  private readonly token: string;
  private readonly producer: Producer;
  private readonly admin: Admin;

  private constructor(gatewayUrl: string, token: string, producer: Producer, admin: Admin) {
    this.gatewayUrl = gatewayUrl;
    this.token = token;
    this.producer = producer;
    this.admin = admin;
  }

  static async connect(gatewayUrl: string, token: string, access: KafkaAccess): Promise<PlatformClient> {
    const kafka = new Kafka({ clientId: 'airline-operations', ...access, logLevel: logLevel.NOTHING });
    const [producer, admin] = [kafka.producer({ idempotent: true }), kafka.admin()];
    await Promise.all([producer.connect(), admin.connect()]);
    return new PlatformClient(gatewayUrl, token, producer, admin);
  }

  /** Publishes records in their order and answers with the topic's end offset per partition. Values go out as they are, also the demo's bad ones. */
  async publish(dataSet: string, records: { key: string | null; value: string }[]): Promise<Map<number, bigint>> {
    const topic = `millrace.data.default.${dataSet}`;
    for (let start = 0; start < records.length; start += 1000) await this.producer.send({ topic, messages: records.slice(start, start + 1000) });
    const ends = await this.admin.fetchTopicOffsets(topic);
    return new Map(ends.map((end) => [end.partition, BigInt(end.high)]));
  }

  /** Records that stand in topics now. */
  async countRecords(topics: readonly string[]): Promise<number> {
    const ends = await Promise.all(topics.map((topic) => this.admin.fetchTopicOffsets(topic)));
    return ends.flat().reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.answerOf<Answer>(await fetch(this.gatewayUrl + path, { headers: { authorization: `Bearer ${this.token}` } }), path);
  }

  async post<Answer>(path: string, body: object): Promise<Answer> {
    const response = await fetch(this.gatewayUrl + path, {
      method: 'POST', body: JSON.stringify(body),
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
    });
    return this.answerOf<Answer>(response, path);
  }

  /** Sends a file's bytes as they lie on disk. */
  async upload<Answer>(path: string, file: string, contentType: string): Promise<Answer> {
    const response = await fetch(this.gatewayUrl + path, {
      method: 'POST', body: Readable.toWeb(createReadStream(file)) as ReadableStream, duplex: 'half',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': contentType, 'content-length': String(statSync(file).size) },
    });
    return this.answerOf<Answer>(response, path);
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }

  private async answerOf<Answer>(response: Response, path: string): Promise<Answer> {
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 600)}`);
    return (text ? JSON.parse(text) : {}) as Answer;
  }
}
