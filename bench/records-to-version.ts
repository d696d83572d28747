/**
 * Records per second from a data set's topic to a published version (ingestion and validation in this process, real Kafka and Postgres), against a bare
 * kafkajs consumer of the same topic. Run: `node bench/records-to-version.ts [records] [bytes]` after `npm run build`. BENCH_VERBOSE=1 says how far it is.
 */
import { parsePipeline } from '@millrace/decisions';
import { IngestionModule } from '@millrace/ingestion';
import { runService } from '@millrace/runtime';
import { TestKafka } from '@millrace/testing';
import { ValidationModule } from '@millrace/validation';
import { Kafka, logLevel } from 'kafkajs';
import { embeddedEnvironment } from './embedded-environment.ts';
import { report } from './figure.ts';

const records = Number(process.argv[2] ?? 200_000);
const bytes = Number(process.argv[3] ?? 200);
const topic = 'millrace.data.default.readings';

const parsed = parsePipeline(`pipeline: bench
dataSets:
  readings:
    key: id
    eventTime: at
    columns: { id: string, at: timestamp, load: { type: double, from: 0, to: 100 }, count: long, filler: string }
  outcomes:
    key: id
    eventTime: at
    knownAt: known_at
    columns: { id: string, at: timestamp, known_at: timestamp, wear: double }
predict: { dataSet: readings }
features:
  load: { column: load }
label: { dataSet: outcomes, column: wear, above: 5, maturesAfter: 1d }
training: { command: [python, train.py] }
`);
if (!parsed.pipeline) throw new TypeError('the pipeline of the bench is wrong');
const definition = parsed.pipeline;

const { environment, stop } = await embeddedEnvironment();
const kafka = new TestKafka(environment);

async function fill(): Promise<void> {
  await kafka.createTopics([topic]);
  const filler = 'x'.repeat(Math.max(0, bytes - 95));
  for (let sent = 0; sent < records; sent += 500) {
    const batch = Array.from({ length: Math.min(500, records - sent) }, (_, index) => {
      const id = `r${sent + index}`;
      return { key: id, value: JSON.stringify({ id, at: new Date(Date.UTC(2025, 0, 1) + sent + index).toISOString(), load: (sent + index) % 100, count: index, filler }) };
    });
    await kafka.sendRecords(topic, batch);
  }
}

async function bareSeconds(): Promise<number> {
  const consumer = new Kafka({ brokers: environment.brokers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: 'bare', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [environment.topicPrefix + topic], fromBeginning: true });
  let [seen, first] = [0, 0];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachBatch: async ({ batch }) => {
        first ||= performance.now();
        seen += batch.messages.length;
        if (seen >= records) resolve();
      },
    });
  });
  const seconds = (performance.now() - first) / 1000;
  await consumer.disconnect();
  return seconds;
}

async function millraceSeconds(): Promise<{ seconds: number; residentMegabytes: number }> {
  const services = await Promise.all([runService(IngestionModule, { env: environment.envOf('ingestion'), handleSignals: false }), runService(ValidationModule, { env: environment.envOf('validation'), handleSignals: false })]);
  const versions = await kafka.collectEvents('millrace.ingestion.data-set.version-published.v1');
  await kafka.createTopics(['ingestion.pipeline-part', 'validation.pipeline-part', 'ingestion.record'].map((name) => `millrace.${name}`));
  const applied = { pipeline: definition.id, version: 1, definition };
  await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { ...applied, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
  await kafka.caughtUp('millrace.ingestion', 'millrace.registry.pipeline', 30_000);
  const started = performance.now();
  await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: applied });
  let resident = 0;
  const total = (): number => Math.max(0, ...versions().map((event) => (event.data as { totalRows: number }).totalRows));
  for (let said = 0; total() < records; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    resident = Math.max(resident, process.memoryUsage.rss());
    if (process.env['BENCH_VERBOSE'] && total() !== said) console.error(((performance.now() - started) / 1000).toFixed(2), (said = total()));
  }
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(services.map((service) => service.stop()));
  return { seconds, residentMegabytes: Math.round(resident / 2 ** 20) };
}

await fill();
if (process.env['BENCH_VERBOSE']) console.error('filled');
const bare = await bareSeconds();
if (process.env['BENCH_VERBOSE']) console.error('bare', bare);
const { seconds, residentMegabytes } = await millraceSeconds();
const perSecond = (value: number): number => Math.round(records / value);
report([
  {
    what: `Records of ${bytes} B from topic to published version (${records.toLocaleString('en')} waiting; ingestion and validation in one process)`,
    measured: `${perSecond(seconds).toLocaleString('en')} records/s, ${residentMegabytes} MB`,
    beside: `kafkajs alone reads the same topic at ${perSecond(bare).toLocaleString('en')} records/s`,
    ratio: `${((100 * bare) / seconds).toFixed(0)} %`,
  },
]);
await kafka.stop();
await stop();
process.exit(0);
