/**
 * Sends wide records of about 2 kB to a topic at an even number of bytes each second until it is ended, then prints how many it has sent. In a process of its own:
 * what it does must not delay what is measured. `node bench/data-load.ts <brokers> <topic> <bytes per second>`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { wideRecords } from './record-shapes.ts';

const [brokers = '', topic = '', bytesPerSecond = '10000000'] = process.argv.slice(2);
const portion = 200;
const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
await producer.connect();
const { recordOf } = wideRecords();
const values = Array.from({ length: 20 * portion }, (_, index) => recordOf(index));
const bytes = values.reduce((sum, value) => sum + value.length, 0) / values.length;
let [sent, isEnding] = [0, false];
process.once('SIGTERM', () => (isEnding = true));
const startMs = performance.now();
while (!isEnding) {
  await producer.send({ topic, messages: Array.from({ length: portion }, (_, index) => ({ key: `r${sent + index}`, value: values[(sent + index) % values.length] ?? '' })) });
  sent += portion;
  await pause(Math.max(0, startMs + (1000 * sent * bytes) / Number(bytesPerSecond) - performance.now()));
}
console.log(JSON.stringify({ sent, bytesPerSecond: (sent * bytes) / ((performance.now() - startMs) / 1000) }));
await producer.disconnect();
process.exit(0);
