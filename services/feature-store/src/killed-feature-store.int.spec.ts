import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { acceptedTopicOf, featureValueTopic, parsePipeline } from '@millrace/decisions';
import type { OnlineTile } from '@millrace/decisions';
import { TestKafka, eventually, testEnvironment } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';

const FILE = `pipeline: parcels
dataSets:
  parcels: { key: parcel, eventTime: sent, columns: { parcel: string, sent: timestamp, depot: string } }
  arrivals: { key: parcel, eventTime: sent, knownAt: arrived, columns: { parcel: string, depot: string, sent: timestamp, arrived: timestamp, hours: double } }
predict: { dataSet: parcels }
features:
  mean_hours: { mean: hours, from: arrivals, by: depot, window: 1h }
label: { dataSet: arrivals, column: hours, above: 10, maturesAfter: 1d }
training: { command: [python, train.py] }
`;
const KILLS = 4;
const RECORDS_PER_KILL = 2_000;
const RECORDS = KILLS * RECORDS_PER_KILL;
const ARRIVALS = 'default/arrivals';
const START_MS = Date.parse('2026-01-01T00:00:00Z');

/** The feature store as a process of its own, killed again and again while it folds records that ingestion sends more than once. */
describe('the feature store that is killed', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let store: ChildProcess;
  let values: Awaited<ReturnType<TestKafka['collect']>>;
  const start = (): ChildProcess =>
    fork(join(import.meta.dirname, 'main.ts'), {
      execArgv: ['--import', join(import.meta.dirname, '../../../libs/testing/typescript-sources.mjs')],
      env: { PATH: process.env['PATH'], ...environment.envOf('feature-store'), MILLRACE_FEATURE_STORE_SESSION_TIMEOUT_MS: '2000' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  const folded = async (): Promise<number> => {
    const rows = await environment.query<{ count: number }>('select coalesce(sum(count), 0)::int as count from feature_store.tiles').catch(() => []);
    return rows[0]?.count ?? 0;
  };
  /** Records from `from` on, the last hundred before it once more: ingestion may repeat itself after a kill of its own. */
  const send = (from: number): Promise<void> => {
    const offsets = Array.from({ length: RECORDS_PER_KILL + Math.min(from, 100) }, (_, at) => Math.max(0, from - 100) + at);
    return kafka.sendRecords(
      acceptedTopicOf(ARRIVALS),
      offsets.map((offset) => ({ key: `p${offset}`, value: JSON.stringify(arrivalAt(offset)), headers: { 'mr-source-partition': '0', 'mr-source-offset': String(offset) }, partition: 0 })),
    );
  };

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    await kafka.createTopics([acceptedTopicOf(ARRIVALS)]);
    values = await kafka.collect(featureValueTopic);
    const { pipeline: definition } = parsePipeline(FILE);
    if (!definition) throw new TypeError('the file is wrong');
    await kafka.sendEvents(
      { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 1, definition, source: FILE, sha256: '0'.repeat(64), changes: [], previousVersion: null } },
      { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } },
    );
    store = start();
  }, 120_000);

  afterAll(async () => {
    store.kill('SIGKILL');
    await once(store, 'exit');
    await kafka.stop();
  }, 60_000);

  it('folds every record once, and sends the tiles that it holds', async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = await folded();
      await send(kill * RECORDS_PER_KILL);
      await eventually(async () => expect(await folded()).toBeGreaterThan(before), 90_000);
      store.kill('SIGKILL');
      await once(store, 'exit');
      store = start();
    }
    await eventually(async () => expect(await folded()).toBe(RECORDS), 90_000);
    const tiles = await environment.query<{ entity: string; tile_start_ms: string; count: number; sum: number }>('select entity, tile_start_ms, count, sum from feature_store.tiles order by entity, tile_start_ms');
    expect(tiles).toEqual(expectedTiles());
    await eventually(() => expect(lastSent()).toEqual(expectedTiles()), 30_000);
  }, 300_000);

  function lastSent(): ReturnType<typeof expectedTiles> {
    const newest = new Map(values.flatMap(({ key, value }) => (key?.startsWith('default/arrivals') ? [[key, JSON.parse(String(value)) as OnlineTile] as const] : [])));
    return [...newest.values()].map(({ entity, tileStartMs, count, sum }) => ({ entity, tile_start_ms: String(tileStartMs), count, sum })).sort(byPlace);
  }
});

function arrivalAt(offset: number): { parcel: string; depot: string; sent: string; arrived: string; hours: number } {
  const arrivedMs = START_MS + offset * 5_000;
  return { parcel: `p${offset}`, depot: offset % 3 === 0 ? 'north' : 'south', sent: new Date(arrivedMs - 3_600_000).toISOString(), arrived: new Date(arrivedMs).toISOString(), hours: (offset % 97) / 10 };
}

/** The tiles of every record added once, in the order of the offsets. */
function expectedTiles(): { entity: string; tile_start_ms: string; count: number; sum: number }[] {
  const tiles = new Map<string, { entity: string; tile_start_ms: string; count: number; sum: number }>();
  for (let offset = 0; offset < RECORDS; offset += 1) {
    const { depot, arrived, hours } = arrivalAt(offset);
    const start = String(Math.floor(Date.parse(arrived) / 60_000) * 60_000);
    const tile = tiles.get(depot + start);
    tiles.set(depot + start, tile ? { ...tile, count: tile.count + 1, sum: tile.sum + hours } : { entity: depot, tile_start_ms: start, count: 1, sum: hours });
  }
  return [...tiles.values()].sort(byPlace);
}

function byPlace(a: { entity: string; tile_start_ms: string }, b: { entity: string; tile_start_ms: string }): number {
  return a.entity.localeCompare(b.entity) || Number(a.tile_start_ms) - Number(b.tile_start_ms);
}
