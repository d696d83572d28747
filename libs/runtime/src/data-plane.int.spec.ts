import { eventually, TestKafka, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { encodeHeaders } from './broker/encode-headers.js';
import { RecordBatchWriter } from './broker/record-batch-writer.js';
import { DataLane } from './kafka/data-lane.js';
import type { DataRecord, RecordBatch } from './broker/data-record.js';
import { KafkaConnection } from './kafka/kafka-connection.js';
import { RecordProducer } from './kafka/record-producer.js';
import { TopicFollower } from './kafka/topic-follower.js';
import { Topics } from './kafka/topics.js';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';
import { UnitOfWork } from './work/unit-of-work.js';

describe('the data plane', () => {
  let service: TestService;
  let kafka: TestKafka;
  let connection: KafkaConnection;
  let work: UnitOfWork;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
    kafka = new TestKafka(service.environment);
    connection = service.app.get(KafkaConnection);
    work = service.app.get(UnitOfWork);
  }, 60_000);

  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  }, 30_000);

  const numbers = (records: DataRecord[]): number[] => records.map(({ value }) => Number(value?.toString()));
  const send = async (topic: string, values: number[]): Promise<void> => {
    await service.app.get(RecordProducer).send(topic, values.map((value) => ({ key: 'k', value: String(value) })));
  };

  it('reads topics that are added while it runs, and each record once', async () => {
    await service.app.get(Topics).ensure([{ topic: 'millrace.data.lane.a', partitions: 2 }, { topic: 'millrace.data.lane.b', partitions: 1 }]);
    const seen: DataRecord[] = [];
    const lane = new DataLane(connection, { group: 'millrace.deployment.data.0', handle: ({ records }) => Promise.resolve(void seen.push(...records)) });
    await lane.setTopics(['millrace.data.lane.a']);
    await lane.start();
    await send('millrace.data.lane.a', [1, 2, 3]);
    await eventually(() => expect(numbers(seen)).toEqual([1, 2, 3]));

    await lane.setTopics(['millrace.data.lane.a', 'millrace.data.lane.b']);
    await send('millrace.data.lane.b', [4]);
    await send('millrace.data.lane.a', [5]);
    await eventually(() => expect(numbers(seen).sort()).toEqual([1, 2, 3, 4, 5]));
    expect(seen[0]).toMatchObject({ topic: 'millrace.data.lane.a', key: 'k', offset: 0n });
    await lane.stop();
  }, 30_000);

  it('gives a batch that failed again, whole and in order, while other partitions go on', async () => {
    await service.app.get(Topics).ensure([{ topic: 'millrace.data.lane.c', partitions: 2 }]);
    const seen: Record<number, number[]> = { 0: [], 1: [] };
    let failuresLeft = 2;
    const handle = ({ partition, records }: RecordBatch): Promise<void> => {
      if (partition === 0 && failuresLeft > 0) {
        failuresLeft -= 1;
        return Promise.reject(new Error('not now'));
      }
      seen[partition]?.push(...numbers(records));
      return Promise.resolve();
    };
    const lane = new DataLane(connection, { group: 'millrace.deployment.data.1', handle });
    await lane.setTopics(['millrace.data.lane.c']);
    await lane.start();
    await kafka.sendRecords('millrace.data.lane.c', [1, 2, 3, 4].map((value) => ({ key: null, value: String(value), partition: value % 2 })));
    await eventually(() => expect(seen).toEqual({ 0: [2, 4], 1: [1, 3] }));
    await lane.stop();
  }, 30_000);

  it('begins where the handler says, not where the group has committed', async () => {
    await service.app.get(Topics).ensure([{ topic: 'millrace.data.lane.d', partitions: 1 }]);
    await send('millrace.data.lane.d', [1, 2, 3, 4]);
    const readFrom = async (offset: bigint | null): Promise<number[]> => {
      const seen: DataRecord[] = [];
      const lane = new DataLane(connection, {
        group: 'millrace.deployment.data.2',
        handle: ({ records }) => Promise.resolve(void seen.push(...records)),
        resumeAt: () => Promise.resolve(offset),
      });
      await lane.setTopics(['millrace.data.lane.d']);
      await lane.start();
      await eventually(() => expect(numbers(seen)).toContain(4));
      await lane.stop();
      return numbers(seen);
    };
    expect(await readFrom(null)).toEqual([1, 2, 3, 4]);
    expect(await readFrom(1n)).toEqual([2, 3, 4]);
    expect(await readFrom(3n)).toEqual([4]);
  }, 40_000);

  it('handles each record of a batch once, whatever comes again', async () => {
    const records = [0, 1, 2, 3].map((offset): DataRecord => ({ topic: 'millrace.data.default.x', partition: 0, offset: BigInt(offset), key: null, value: Buffer.from(String(offset)), headers: {}, timestampMs: 0 }));
    const handled: number[][] = [];
    const run = (some: DataRecord[]): Promise<unknown> =>
      work.runBatch({ topic: 'millrace.data.default.x', partition: 0, records: some }, (tx, left) => {
        handled.push(numbers(left));
        tx.emitRecords('millrace.deployment.values', [{ key: 'a', value: { sum: left.length } }]);
        return Promise.resolve();
      });
    const values = await kafka.collect('millrace.deployment.values');
    await run(records.slice(0, 2));
    await Promise.all([run(records), run(records)]);
    expect(handled).toEqual([[0, 1], [2, 3]]);
    expect(await work.positionOf('millrace.data.default.x', 0)).toBe(4n);
    await eventually(() => expect(values.map(({ key, value }) => [key, value?.toString()])).toEqual([['a', '{"sum":2}'], ['a', '{"sum":2}']]));
  }, 30_000);

  it('leaves an event that was handled by itself to the batches of the same topic', async () => {
    await kafka.sendEvents(hold('default/both', '1'));
    await eventually(async () => expect(await service.environment.query(`select next_offset::int from deployment.inbox_marks where topic = 'millrace.training.hold'`)).toEqual([{ next_offset: 1 }]));
    expect(await work.positionOf('millrace.training.hold', 0)).toBeNull();
    const seen: DataRecord[] = [];
    const handle = (batch: RecordBatch): Promise<void> => work.runBatch(batch, (_, records) => Promise.resolve(void seen.push(...records)));
    const lane = new DataLane(connection, { group: 'millrace.deployment.data.log', handle, resumeAt: (topic, partition) => work.positionOf(topic, partition) });
    await lane.setTopics(['millrace.training.hold']);
    await lane.start();
    await eventually(() => expect(seen).toMatchObject([{ topic: 'millrace.training.hold', offset: 0n }]));
    await lane.stop();
  }, 40_000);

  it('follows a compacted topic from its beginning, says when it has caught up, and goes on', async () => {
    const topic = 'millrace.deployment.table';
    await service.app.get(Topics).ensure([{ topic, partitions: 3, config: { 'cleanup.policy': 'compact' } }]);
    await service.app.get(RecordProducer).send(topic, ['a', 'b', 'c', 'd'].map((key) => ({ key, value: '1' })));
    const table = new Map<string, string | undefined>();
    const follower = new TopicFollower(connection, { topics: [topic], onRecord: ({ key, value }) => void table.set(key ?? '', value?.toString()) });
    await follower.start();
    await follower.caughtUp;
    expect([...table.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
    await service.app.get(RecordProducer).send(topic, [{ key: 'a', value: '2' }, { key: 'b', value: null }]);
    await eventually(() => expect([table.get('a'), table.get('b')]).toEqual(['2', undefined]));
    await follower.stop();
  }, 30_000);

  it('sends more than fits into one request, in order, and refuses a record that no request can hold', async () => {
    await service.app.get(Topics).ensure([{ topic: 'millrace.data.large.a', partitions: 1 }]);
    const records = Array.from({ length: 30 }, (_, index) => ({ key: 'k', value: `${index} ${'x'.repeat(100_000)}` }));
    expect(await service.app.get(RecordProducer).send('millrace.data.large.a', records)).toEqual([{ partition: 0, baseOffset: 0n }]);
    const seen = await kafka.collect('millrace.data.large.a');
    await eventually(() => expect(seen.map(({ value }) => parseInt(value?.toString() ?? '', 10))).toEqual(records.map((_, index) => index)));
    await expect(service.app.get(RecordProducer).send('millrace.data.large.a', [{ key: 'k', value: 'x'.repeat(2_000_000) }])).rejects.toMatchObject({ code: 'payload-too-large' });
  }, 30_000);

  it('sends batches that are encoded already, each once, in order, to the partition that is meant', async () => {
    await service.app.get(Topics).ensure([{ topic: 'millrace.data.batches.a', partitions: 2 }]);
    const seen = await kafka.collect('millrace.data.batches.a');
    const writer = new RecordBatchWriter();
    for (const partition of [0, 1, 0]) {
      for (let index = 0; index < 2_000; index += 1) {
        const [key, value, headers] = [Buffer.from(`k${index}`), Buffer.from(String(seen.length + index)), encodeHeaders({ place: String(index) })];
        writer.add(key, 0, key.length, value, 0, value.length, headers, headers.length);
      }
      const batch = writer.finish(Date.now());
      await service.app.get(RecordProducer).sendBatch('millrace.data.batches.a', partition, batch);
      writer.reuse(batch);
    }
    await eventually(() => expect(seen).toHaveLength(6_000), 15_000);
    for (const [partition, count] of [[0, 4_000], [1, 2_000]] as const) {
      const records = seen.filter((record) => record.partition === partition);
      expect(records.map(({ offset }) => Number(offset))).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(records.every(({ key, headers }, index) => key === `k${index % 2_000}` && headers['place'] === String(index % 2_000))).toBe(true);
    }
  }, 30_000);

  it('lets a partition rest while its handler has a backlog, says why, and goes on with others meanwhile', async () => {
    await service.app.get(Topics).ensure([{ topic: 'millrace.data.lane.e', partitions: 2 }]);
    const gone = Promise.withResolvers<void>();
    const seen: number[] = [];
    const lane = new DataLane(connection, {
      group: 'millrace.deployment.data.3',
      handle: ({ partition, records }) => {
        seen.push(...numbers(records));
        return Promise.resolve(partition === 0 && seen.length < 4 ? { because: 'the test holds it', until: gone.promise } : undefined);
      },
      resumeAt: () => Promise.resolve(null),
    });
    await lane.setTopics(['millrace.data.lane.e']);
    await lane.start();
    const write = (value: number, partition: number) => kafka.sendRecords('millrace.data.lane.e', [{ key: null, value: String(value), partition }]);
    await write(1, 0);
    await eventually(() => expect(lane.state.pauses).toMatchObject([{ topic: 'millrace.data.lane.e', partition: 0, because: 'the test holds it' }]));
    await write(2, 0);
    await write(3, 1);
    await write(4, 1);
    await eventually(() => expect(seen).toEqual([1, 3, 4]));
    const [{ body: ready }, { body: metrics }] = await Promise.all([service.request('GET', '/health/ready'), service.request('GET', '/metrics')]);
    expect(ready).toMatchObject({ status: 'ready', checks: expect.arrayContaining([{ name: 'data topics', problem: null, note: '1 partitions rest: millrace.data.lane.e/0: the test holds it' }]) });
    expect(metrics).toContain('millrace_lane_paused{consumergroup="millrace.deployment.data.3",topic="millrace.data.lane.e",partition="0"} 1');
    expect(metrics).toContain('kafka_consumergroup_lag{consumergroup="millrace.deployment.data.3",topic="millrace.data.lane.e",partition="0"}');
    gone.resolve();
    await eventually(() => expect(seen).toEqual([1, 3, 4, 2]));
    expect(lane.state.pauses).toEqual([]);
    expect(lane.state.lags).toContainEqual({ topic: 'millrace.data.lane.e', partition: 0, records: 0, sinceMs: null });
    await lane.stop();
  }, 30_000);

  it('says where a topic is not as it is declared, over HTTP and as a metric, and leaves it as it is', async () => {
    await kafka.createTopics(['millrace.deployment.elder']);
    const declared = { topic: 'millrace.deployment.elder', partitions: 3, config: { 'cleanup.policy': 'compact', 'retention.ms': '604800000' } };
    for (let time = 0; time < 2; time += 1) {
      await service.app.get(Topics).ensure([declared]);
      expect(service.app.get(Topics).differences).toEqual([
        { topic: declared.topic, setting: 'partitions', declared: '3', found: '1' },
        { topic: declared.topic, setting: 'cleanup.policy', declared: 'compact', found: 'delete' },
      ]);
      const { body } = await service.call('listTopics', {});
      expect(body.topics.find(({ topic }) => topic === declared.topic)).toEqual({ ...declared, differences: [{ setting: 'partitions', declared: '3', found: '1' }, { setting: 'cleanup.policy', declared: 'compact', found: 'delete' }] });
    }
    expect((await service.request('GET', '/metrics')).body).toContain('millrace_deployment_topic_differences 2');
  }, 20_000);

  it('has caught up with an empty topic at once', async () => {
    await kafka.createTopics(['millrace.deployment.empty']);
    const follower = new TopicFollower(connection, { topics: ['millrace.deployment.empty'], onRecord: () => undefined });
    await follower.start();
    await follower.caughtUp;
    await follower.stop();
  }, 20_000);
});
