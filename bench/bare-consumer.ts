/** kafkajs alone, in a process of its own: reads a topic from its beginning and prints records per second and CPU time of a record, from its first batch to its last. */
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = '', expected = '0', partitionFetchBytes = '1048576'] = process.argv.slice(2);
const records = Number(expected);
const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: `bare-${process.pid}`, maxWaitTimeInMs: 100, maxBytesPerPartition: Number(partitionFetchBytes) });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
let [seen, startedMs] = [0, 0];
let usage = process.cpuUsage();
await new Promise<void>((resolve) => {
  void consumer.run({
    eachBatch: ({ batch }) => {
      if (startedMs === 0) usage = process.cpuUsage();
      startedMs ||= performance.now();
      seen += batch.messages.length;
      if (seen >= records) resolve();
      return Promise.resolve();
    },
  });
});
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(usage);
console.log(JSON.stringify({ perSecond: records / seconds, cpuMicros: (user + system) / records }));
await consumer.disconnect();
process.exit(0);
