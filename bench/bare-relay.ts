/** kafkajs alone, in a process of its own: reads a topic from its beginning, sends two messages for each to another topic, and prints messages read per second and the CPU time of one. */
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaMessage } from 'kafkajs';

const [brokers = '', from = '', to = '', expected = '0'] = process.argv.slice(2);
const messages = Number(expected);
/** Messages of one request; a broker takes about a megabyte. */
const portion = 50;
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
const consumer = kafka.consumer({ groupId: `bare-${process.pid}`, maxWaitTimeInMs: 100 });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: [from], fromBeginning: true });
const sendTwice = (read: readonly KafkaMessage[]): Promise<unknown> =>
  producer.send({ topic: to, acks: -1, messages: read.flatMap(({ key, value, headers = {} }) => [{ key, value, headers }, { key, value, headers }]) });
let [seen, startedMs] = [0, 0];
let usage = process.cpuUsage();
await new Promise<void>((resolve, reject) => {
  void consumer.run({
    eachBatch: async ({ batch }) => {
      if (startedMs === 0) usage = process.cpuUsage();
      startedMs ||= performance.now();
      for (let first = 0; first < batch.messages.length; first += portion) await sendTwice(batch.messages.slice(first, first + portion)).catch(reject);
      seen += batch.messages.length;
      if (seen >= messages) resolve();
    },
  });
});
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(usage);
console.log(JSON.stringify({ perSecond: messages / seconds, cpuMicros: (user + system) / messages }));
await Promise.all([consumer.disconnect(), producer.disconnect()]);
process.exit(0);
