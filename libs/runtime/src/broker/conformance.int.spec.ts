import { eventually, testEnvironment } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { pino } from 'pino';
import type { Broker, BrokerConsumer, BrokerProducer, ConsumerOptions, FetchedBatch } from './broker.js';
import type { BrokerSettings } from './broker-settings.js';
import { fetchWaitMs } from './broker-settings.js';
import type { DataRecord } from './data-record.js';
import { KafkajsBroker } from './kafkajs/kafkajs-broker.js';
import { PlatformaticBroker } from './platformatic/platformatic-broker.js';

const silent = pino({ level: 'silent' });
const clients: [string, (settings: BrokerSettings) => Broker][] = [
  ['kafkajs', (settings) => new KafkajsBroker(settings, silent)],
  ['@platformatic/kafka', (settings) => new PlatformaticBroker(settings, silent)],
];
const waitMs = 20_000;

/** What every client behind the port promises, on a real broker. */
describe.each(clients)('Kafka through %s', (_, newBroker) => {
  let environment: TestEnvironment;
  let broker: Broker;
  let producer: BrokerProducer;
  const consumers: BrokerConsumer[] = [];
  const settingsOf = (clientId: string): BrokerSettings => ({ clientId, brokers: environment.brokers.split(','), topicPrefix: environment.topicPrefix, sessionTimeoutMs: 6_000, security: {} });

  beforeAll(async () => {
    environment = await testEnvironment();
    broker = newBroker(settingsOf('conformance'));
    producer = await broker.producer();
  }, 60_000);

  afterEach(() => Promise.all(consumers.splice(0).map((consumer) => consumer.stop())), 30_000);
  afterAll(() => producer.close(), 30_000);

  async function create(topic: string, partitions = 1, config: Record<string, string> = {}): Promise<string> {
    const admin = await broker.admin();
    await admin.createTopics([{ topic, partitions, config }]);
    await admin.close();
    return topic;
  }
  const send = (topic: string, values: readonly string[], key: string | null = 'k', partition?: number) =>
    producer.send([{ topic, records: values.map((value) => ({ key, value, ...(partition === undefined ? {} : { partition }) })) }]);

  /** A member that commits what it was given, unless told otherwise. */
  function read(group: string, topics: string[], more: Partial<ConsumerOptions> = {}): { seen: DataRecord[]; consumer: BrokerConsumer; of(partition: number): string[] } {
    const seen: DataRecord[] = [];
    const eachBatch = async (batch: FetchedBatch): Promise<void> => {
      seen.push(...batch.records);
      await settle(batch);
    };
    const consumer = broker.consumer({ group, topics, fromBeginning: true, concurrency: 4, eachBatch, ...more });
    consumers.push(consumer);
    consumer.start();
    return { seen, consumer, of: (partition) => valuesOf(seen.filter((record) => record.partition === partition)) };
  }

  it('gives records as they were written: key, value, headers, tombstones, offsets and time', async () => {
    const topic = await create('conformance.content');
    const beforeMs = Date.now() - 1_000;
    const written = await producer.send([{ topic, records: [{ key: 'ä', value: '{"a":1}', headers: { ce_id: '7', ce_type: 'ü' } }, { key: null, value: null }, { key: '', value: Buffer.from([0, 255]) }] }]);
    expect(written).toEqual([{ topic, partition: 0, baseOffset: 0n }]);
    const { seen } = read('content', [topic]);
    await eventually(() => expect(seen).toHaveLength(3), waitMs);
    expect(seen[0]).toMatchObject({ topic, partition: 0, offset: 0n, key: 'ä', headers: { ce_id: '7', ce_type: 'ü' } });
    expect(seen.map(({ value }) => value?.toString('hex') ?? null)).toEqual([Buffer.from('{"a":1}').toString('hex'), null, '00ff']);
    expect(seen.map(({ key }) => key)).toEqual(['ä', null, '']);
    expect(seen.every(({ timestampMs }) => timestampMs > beforeMs && timestampMs < Date.now() + 60_000)).toBe(true);
  }, 60_000);

  it('has a distinct offset for each acknowledgement, also of single records that are sent side by side', async () => {
    const topic = await create('conformance.acks');
    const acks = await Promise.all(Array.from({ length: 200 }, (_unused, index) => send(topic, [String(index)])));
    expect(new Set(acks.flat().map(({ baseOffset }) => baseOffset)).size).toBe(200);
    const { seen } = read('acks', [topic]);
    await eventually(() => expect(seen).toHaveLength(200), waitMs);
    expect(new Set(valuesOf(seen)).size).toBe(200);
  }, 60_000);

  it('keeps the order of each key over calls and batches, on the partition where every other client puts that key', async () => {
    const topic = await create('conformance.order', 5);
    const keys = ['default/a', 'default/b', 'default/c', 'default/d', 'x', 'y', 'zz'];
    for (let round = 0; round < 10; round += 1) await producer.send([{ topic, records: keys.flatMap((key) => [0, 1, 2].map((index) => ({ key, value: `${round * 3 + index}` }))) }]);
    const { seen } = read('order', [topic]);
    await eventually(() => expect(seen).toHaveLength(keys.length * 30), waitMs);
    for (const key of keys) expect(valuesOf(seen.filter((record) => record.key === key))).toEqual(Array.from({ length: 30 }, (_unused, index) => String(index)));
    // Murmur2 without its sign, as Kafka's own clients.
    expect(Object.fromEntries(keys.map((key) => [key, seen.find((record) => record.key === key)?.partition]))).toEqual({ 'default/a': 3, 'default/b': 3, 'default/c': 4, 'default/d': 4, x: 1, y: 0, zz: 1 });
  }, 60_000);

  it('shares partitions among the members of a group, and gives them to the others when one leaves', async () => {
    const topic = await create('conformance.group', 4);
    const given = new Map<string, number[]>();
    const join = (name: string) => read('group', [topic], { joined: (places) => void given.set(name, places.map(({ partition }) => partition)) });
    const one = join('one');
    const other = join('other');
    await eventually(() => expect([...(given.get('one') ?? []), ...(given.get('other') ?? [])].sort()).toEqual([0, 1, 2, 3]), waitMs);
    await eventually(() => expect(one.consumer.isJoined && other.consumer.isJoined).toBe(true), waitMs);
    for (let partition = 0; partition < 4; partition += 1) await send(topic, [`a${partition}`], null, partition);
    await eventually(() => expect(valuesOf([...one.seen, ...other.seen]).sort()).toEqual(['a0', 'a1', 'a2', 'a3']), waitMs);
    await one.consumer.stop();
    await eventually(() => expect(given.get('other')).toHaveLength(4), waitMs);
    for (let partition = 0; partition < 4; partition += 1) await send(topic, [`b${partition}`], null, partition);
    await eventually(() => expect(valuesOf(other.seen).filter((value) => value.startsWith('b')).sort()).toEqual(['b0', 'b1', 'b2', 'b3']), waitMs);
  }, 90_000);

  it('goes on behind what was committed, and gives again what was not', async () => {
    const topic = await create('conformance.resume');
    await send(topic, ['0', '1', '2', '3']);
    const first = read('resume', [topic], {
      eachBatch: async (batch) => {
        first.seen.push(...batch.records);
        await batch.commit(2n);
        batch.advance(4n);
      },
    });
    await eventually(() => expect(valuesOf(first.seen)).toEqual(['0', '1', '2', '3']), waitMs);
    await first.consumer.stop();
    const second = read('resume', [topic]);
    await eventually(() => expect(valuesOf(second.seen)).toEqual(['2', '3']), waitMs);
  }, 60_000);

  it('gives a batch again that was not passed, from where it was passed', async () => {
    const topic = await create('conformance.again');
    await send(topic, ['0', '1', '2']);
    const tries: string[][] = [];
    read('again', [topic], {
      eachBatch: async (batch) => {
        tries.push(valuesOf(batch.records));
        if (tries.length === 2) batch.advance(1n);
        if (tries.length > 2) await settle(batch);
      },
    });
    await eventually(() => expect(tries).toHaveLength(3), waitMs);
    expect(tries).toEqual([['0', '1', '2'], ['0', '1', '2'], ['1', '2']]);
    await send(topic, ['3']);
    await eventually(() => expect(tries.at(-1)).toEqual(['3']), waitMs);
  }, 60_000);

  it('lets other partitions go on while one is paused, and gives that one the same records when it goes on', async () => {
    const topic = await create('conformance.pause', 2);
    let goOn: (() => void) | undefined;
    const { seen, of } = read('pause', [topic], {
      eachBatch: async (batch) => {
        if (batch.partition === 0 && goOn === undefined) {
          goOn = batch.pause();
          return;
        }
        seen.push(...batch.records);
        await settle(batch);
      },
    });
    await send(topic, ['a'], null, 0);
    await eventually(() => expect(goOn).toBeDefined(), waitMs);
    for (const value of ['1', '2', '3']) {
      await send(topic, [value], null, 1);
      await eventually(() => expect(of(1)).toContain(value), waitMs);
    }
    expect(of(0)).toEqual([]);
    goOn?.();
    await eventually(() => expect(of(0)).toEqual(['a']), waitMs);
  }, 60_000);

  it('reads a partition on soon after a short pause, also when no other partition has news', async () => {
    const topic = await create('conformance.rests', 2);
    const values = Array.from({ length: 12 }, (_, index) => String(index));
    for (const value of values) await send(topic, [value], null, 0);
    const seen: string[] = [];
    const began = performance.now();
    read('rests', [topic], {
      partitionFetchBytes: 1, // a fetch brings one record batch
      eachBatch: async (batch) => {
        seen.push(...valuesOf(batch.records));
        await settle(batch);
        setTimeout(batch.pause(), 5);
      },
    });
    await eventually(() => expect(seen).toEqual(values), waitMs);
    expect(performance.now() - began).toBeLessThan(values.length * fetchWaitMs * 0.8);
  }, 60_000);

  it('reads from where it was moved to, and calls what was fetched before stale', async () => {
    const topic = await create('conformance.seek');
    await send(topic, ['0', '1', '2', '3', '4']);
    const stale: boolean[] = [];
    const { seen, consumer } = read('seek', [topic], {
      eachBatch: async (batch) => {
        if (stale.length === 0) {
          consumer.seek({ topic, partition: 0 }, 3n);
          stale.push(batch.isStale());
          return;
        }
        seen.push(...batch.records);
        await settle(batch);
      },
    });
    await eventually(() => expect(valuesOf(seen)).toEqual(['3', '4']), waitMs);
    expect(stale).toEqual([true]);
  }, 60_000);

  it('waits for topics that do not exist yet', async () => {
    const { seen } = read('later', ['conformance.later']);
    await send(await create('conformance.before'), ['x']);
    await create('conformance.later');
    await send('conformance.later', ['1']);
    await eventually(() => expect(valuesOf(seen)).toEqual(['1']), waitMs);
  }, 60_000);

  it('creates topics with their settings once, and tells their ends', async () => {
    await create('conformance.table', 2, { 'cleanup.policy': 'compact' });
    await create('conformance.table', 5);
    await send('conformance.table', ['1', '2', '3'], 'k', 1);
    const admin = await broker.admin();
    expect(await admin.listTopics()).toContain('conformance.table');
    expect(await admin.endsOf('conformance.table')).toEqual([{ partition: 0, low: 0n, high: 0n }, { partition: 1, low: 0n, high: 3n }]);
    expect(await admin.describeTopics?.(['conformance.table', 'conformance.none'], ['cleanup.policy', 'segment.ms'])).toEqual([{ topic: 'conformance.table', partitions: 2, config: { 'cleanup.policy': 'compact', 'segment.ms': '604800000' } }]);
    await admin.close();
  }, 60_000);
});

async function settle(batch: FetchedBatch): Promise<void> {
  const next = (batch.records.at(-1)?.offset ?? -1n) + 1n;
  batch.advance(next);
  await batch.commit(next).catch(() => undefined);
}

function valuesOf(records: readonly DataRecord[]): string[] {
  return records.map(({ value }) => value?.toString() ?? '');
}
