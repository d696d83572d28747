import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import { IngestionModule } from '@millrace/ingestion';
import { eventually, testEnvironment, TestKafka, testService } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { languages, produce, subscribe } from './run-stranger.js';
import type { Language } from './run-stranger.js';

const definition = parsePipeline(`pipeline: strange-wear
dataSets:
  wear:
    key: machine
    eventTime: at
    partitions: 2
    columns: { machine: string, at: timestamp, load: { type: double, from: 0, to: 100 } }
  outcomes: { key: machine, eventTime: at, columns: { machine: string, at: timestamp, wear: double } }
predict: { dataSet: wear }
features:
  load: { column: load }
label: { dataSet: outcomes, column: wear, above: 5, maturesAfter: 1d }
training: { command: [python, train.py] }
`).pipeline as Pipeline;
const modes = ['plain', 'binary', 'structured'] as const;
const pipeline = { pipeline: definition.id, version: 1, definition, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null };

describe('programs that know Kafka and the AsyncAPI document, and nothing of Millrace', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let ingestion: TestService;
  let properties: string;

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    properties = join(environment.home, 'client.properties');
    writeFileSync(properties, `bootstrap.servers=${environment.brokers}\n`);
    ingestion = await testService(IngestionModule, { name: 'ingestion', environment, env: { MILLRACE_INGESTION_SEGMENT_LAG_MS: '100' } });
    const answers = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1');
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: pipeline });
    await eventually(() => expect(answers()).toHaveLength(1), 20_000);
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } });
    await eventually(async () => expect((await ingestion.call('listDataSets', {})).body.dataSets).toHaveLength(3), 20_000);
  });
  afterAll(async () => {
    await ingestion.stop();
    await kafka.stop();
  });

  const machineOf = (language: Language, mode: string) => `${language}-${mode}`;

  it('send records as plain JSON and as CloudEvents in both modes, from Java and from Python, and all are accepted', async () => {
    const accepted = await kafka.collect('millrace.data.default.wear.accepted');
    const topic = `${environment.topicPrefix}millrace.data.default.wear`;
    const send = async (language: Language) => {
      for (const mode of modes) await produce(language, properties, { topic, keyColumn: 'machine', mode, records: [20, 30.5].map((load) => ({ machine: machineOf(language, mode), at: '2025-01-01T01:00:00+01:00', load })) });
    };
    await Promise.all(languages.map(send));
    await eventually(() => expect(accepted).toHaveLength(12), 20_000);
    const sent = languages.flatMap((language) => modes.flatMap((mode) => [20, 30.5].map((load) => [machineOf(language, mode), { machine: machineOf(language, mode), at: '2025-01-01T00:00:00.000Z', load }])));
    expect(accepted.map(({ key, value }) => [key, JSON.parse(String(value))])).toEqual(expect.arrayContaining(sent));
    expect((await ingestion.call('listQuarantine', { project: 'default', name: 'wear', limit: 10 })).body.records).toEqual([]);
  });

  it('read what Millrace emits, and find each event as the document says: headers, key and payload', async () => {
    const emitted = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1', 'millrace.ingestion.segment.staged.v1');
    await eventually(() => expect(emitted().filter(({ type }) => type === 'millrace.ingestion.segment.staged.v1').length).toBeGreaterThan(0), 20_000);
    await ingestion.stop(); // nothing more is emitted: both see the same
    const events = emitted();
    const topics = ['millrace.ingestion.pipeline-part', 'millrace.ingestion.segment'];
    const reports = await Promise.all(languages.map((language) => subscribe(language, properties, { group: `${environment.topicPrefix}stranger.${language}`, count: events.length, prefix: environment.topicPrefix, topics })));
    for (const report of reports) {
      expect(report.flatMap(({ type, wrong }) => wrong.map((flaw) => `${type}: ${flaw}`))).toEqual([]);
      const seen = report.map(({ id, type, key, data }) => [id, type, key, data]);
      expect(seen).toHaveLength(events.length);
      expect(seen).toEqual(expect.arrayContaining(events.map(({ id, type, subject, data }) => [id, type, subject, data])));
    }
  });

  it('see what is not as the document says', async () => {
    const topic = 'millrace.training.hold';
    await kafka.createTopics([topic]);
    const headers = { ce_specversion: '1.0', ce_id: 'h1', ce_source: '/millrace/training', ce_type: 'millrace.training.hold.lifted.v1', ce_time: '2026-11-21T14:00:00.000Z', ce_subject: 'default/other', 'content-type': 'application/json', ce_project: 'default', ce_actor: 'someone', ce_correlationid: 'c' };
    await kafka.sendRecords(topic, [
      { key: 'default/wear', value: '{}', headers },
      { key: 'default/wear', value: '{}', headers: { ...headers, ce_type: 'millrace.training.run.failed.v1' } },
    ]);
    for (const report of await Promise.all(languages.map((language) => subscribe(language, properties, { group: `${environment.topicPrefix}doubter.${language}`, count: 2, prefix: environment.topicPrefix, topics: [topic] })))) {
      const [lifted, failed] = report.map(({ wrong }) => wrong.join('; '));
      expect(lifted).toMatch(/the key is not the subject/);
      expect(lifted).toMatch(/\(user\|service\)/);
      expect(lifted).toMatch(/pipeline/);
      expect(failed).toBe('millrace.training.run.failed.v1 is no message of millrace.training.hold');
    }
  });
});
