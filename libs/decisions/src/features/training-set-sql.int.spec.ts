import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb, writeParquet } from '@millrace/storage';
import type { Pipeline } from '@millrace/contracts';
import fc from 'fast-check';
import { dataSetOf } from '../pipeline/definition-lookup.js';
import { SMALLEST_FILE, pipelineOf } from '../pipeline/flights.fixture.js';
import { aggregateReads } from './aggregate-reads.js';
import { contributionOf } from './contribution.js';
import { labelOf } from './label-value.js';
import { addToTile, mergeTiles } from './tile.js';
import type { PlacedTile } from './tile.js';
import { featureRowsSql, trainingSetSql } from './training-set-sql.js';
import type { TrainingSetPlan } from './training-set-sql.js';
import { transformRow } from './transform-row.js';

type StoredRecord = Record<string, unknown> & { _partition: number; _offset: number };

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2001-02-03T00:00:00Z');
const FLIGHTS = 'default/flights';
const OUTCOMES = 'default/flight-outcomes';

let duckDb: DuckDb;
let directory: string;
let fileNumber = 0;

beforeAll(async () => {
  duckDb = await DuckDb.open();
  directory = await mkdtemp(join(tmpdir(), 'millrace-features-'));
});
afterAll(async () => {
  await duckDb.close();
  await rm(directory, { recursive: true });
});

async function rowsOf(sql: (plan: TrainingSetPlan) => string, pipeline: Pipeline, records: Record<string, StoredRecord[]>, plan: Partial<TrainingSetPlan> = {}): Promise<Record<string, unknown>[]> {
  const files: Record<string, string[]> = {};
  for (const [dataSet, rows] of Object.entries(records)) {
    const path = join(directory, `${(fileNumber += 1)}.parquet`);
    const columns = [...dataSetOf(pipeline, dataSet).columns.map(({ name, type }) => ({ name, type })), { name: '_partition', type: 'long' as const }, { name: '_offset', type: 'long' as const }];
    await writeParquet(duckDb, path, columns, rows);
    files[dataSet] = [path];
  }
  return duckDb.query(sql({ pipeline, files, asOfMs: START_MS + 100 * DAY_MS, window: { fromMs: START_MS - DAY_MS, toMs: START_MS + 99 * DAY_MS }, excluded: [], ...plan }));
}

/** What inference does: tiles from accepted records, merged as of each row's event time. */
function servedRows(pipeline: Pipeline, records: Record<string, StoredRecord[]>, flights: StoredRecord[]): Record<string, unknown>[] {
  const tiles = new Map<string, PlacedTile>();
  for (const [dataSet, rows] of Object.entries(records)) {
    for (const row of rows) {
      for (const feature of pipeline.features) {
        if (feature.kind !== 'aggregate' || feature.dataSet !== dataSet) continue;
        const contribution = contributionOf(feature, dataSetOf(pipeline, dataSet), row);
        if (!contribution) continue;
        const { entity, tileStartMs } = contribution;
        const key = JSON.stringify([feature.name, entity, tileStartMs, row._partition]);
        tiles.set(key, { ...addToTile(tiles.get(key), contribution.value, contribution.atMs), tileStartMs, partition: row._partition });
      }
    }
  }
  return flights.map((flight) => {
    const reads = aggregateReads(pipeline, flight, flight.departed_at as number).map(({ feature, entity, fromMs, toMs }) => {
      const own = [...tiles].filter(([key]) => key.startsWith(JSON.stringify([feature.name, entity]).slice(0, -1) + ','));
      return [feature.name, mergeTiles(entity === undefined ? [] : own.map(([, tile]) => tile), fromMs, toMs, feature.aggregate)];
    });
    return { _key: flight.flight_id, ...transformRow(pipeline, flight), ...(Object.fromEntries(reads) as object) };
  });
}

const everyAggregate = pipelineOf(
  SMALLEST_FILE.replace(
    /  origin_mean_delay_1h.*\n/,
    ['mean', 'sum', 'count', 'min', 'max', 'last'].map((aggregate) => `  ${aggregate}_delay: { ${aggregate}: delay_minutes, from: flight-outcomes, by: origin, window: 1h, every: 5m }\n`).join('') +
      '  outcomes: { count: records, from: flight-outcomes, by: origin, window: 1d, every: 1h }\n  by_departure: { mean: delay_minutes, from: flight-outcomes, by: origin, window: 2h, every: 10m, time: eventTime }\n  weekday: { weekdayOf: departed_at }\n',
  ),
);

const records = fc
  .array(
    fc.record({
      origin: fc.constantFrom('ORD', 'ATL', "O'H", '7', '🛫'.repeat(200), '🛫'.repeat(201)),
      departed_at: fc.integer({ min: START_MS, max: START_MS + 6 * 3_600_000 }),
      delayMs: fc.integer({ min: 0, max: 4 * 3_600_000 }),
      delay_minutes: fc.option(fc.double({ min: -120, max: 3000, noNaN: true }), { freq: 8 }),
      distance_miles: fc.double({ min: 1, max: 6000, noNaN: true }),
      _partition: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 150 },
  )
  .map((rows) => rows.map((row, _offset) => ({ ...row, flight_id: `f${_offset}`, known_at: row.departed_at + row.delayMs, _offset })));

test('every feature has the same value offline as online, to the last bit, whatever the records', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (rows) => {
      const stored = { [FLIGHTS]: rows, [OUTCOMES]: rows };
      const offline = (await rowsOf(featureRowsSql, everyAggregate, stored)).map(({ _event_time, ...row }) => row);
      const online = servedRows(everyAggregate, { [OUTCOMES]: rows }, rows);
      const byKey = (a: Record<string, unknown>, b: Record<string, unknown>): number => (String(a._key) < String(b._key) ? -1 : 1);
      expect(offline.sort(byKey)).toEqual(online.sort(byKey));
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('the training set holds the rows whose outcome is known as of its time, labelled by the rule', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 0, max: 10 * 3_600_000 }), async (rows, later) => {
      const pipeline = pipelineOf(SMALLEST_FILE);
      const asOfMs = START_MS + later;
      const made = await rowsOf(trainingSetSql, pipeline, { [FLIGHTS]: rows, [OUTCOMES]: rows }, { asOfMs });
      const known = rows.filter((row) => row.known_at <= asOfMs && row.delay_minutes !== null);
      expect(made.map((row) => [row._key, row._label]).sort()).toEqual(known.map((row) => [row.flight_id, labelOf(pipeline.label, row.delay_minutes)]).sort());
    }),
    { numRuns: 40 },
  );
}, 120_000);

describe('one flight and the outcomes of earlier ones', () => {
  const atMs = START_MS + 12 * 3_600_000;
  const flight = { flight_id: 'f', departed_at: atMs, origin: 'ORD', distance_miles: 500, _partition: 0, _offset: 0 };
  const outcome = (flight_id: string, knownAtMs: number, delay_minutes: number, _offset: number): StoredRecord => ({ flight_id, origin: 'ORD', departed_at: atMs - 1_800_000, known_at: knownAtMs, delay_minutes, _partition: 0, _offset });
  const meanOf = async (outcomes: StoredRecord[], source = SMALLEST_FILE): Promise<unknown> => (await rowsOf(featureRowsSql, pipelineOf(source), { [FLIGHTS]: [flight], [OUTCOMES]: outcomes }))[0]?.origin_mean_delay_1h;
  const earlier = outcome('a', atMs - 600_000, 10, 0);

  it('does not see an outcome that is moved to after the prediction', async () => {
    expect(await meanOf([earlier, outcome('b', atMs - 300_000, 50, 1)])).toBe(30);
    expect(await meanOf([earlier, outcome('b', atMs + 1, 50, 1)])).toBe(await meanOf([earlier]));
    expect(await meanOf([earlier, outcome('b', atMs, 50, 1)])).toBe(await meanOf([earlier]));
  });

  it('sees it only where windows over event time, which leak, were asked for', async () => {
    const late = [earlier, outcome('b', atMs + 3_600_000, 50, 1)];
    expect(await meanOf(late)).toBe(10);
    expect(await meanOf(late, SMALLEST_FILE.replace('window: 1h', 'window: 1h, time: eventTime'))).toBe(30);
  });

  it('leaves out what lies before the window', async () => {
    expect(await meanOf([earlier, outcome('b', atMs - 3_600_001, 50, 1)])).toBe(10);
    expect(await meanOf([outcome('b', atMs - 3_600_001, 50, 1)])).toBeNull();
  });

  it('has no row without an outcome, and takes the outcome that was corrected last', async () => {
    const pipeline = pipelineOf(SMALLEST_FILE);
    const made = (outcomes: StoredRecord[]): Promise<unknown[]> => rowsOf(trainingSetSql, pipeline, { [FLIGHTS]: [flight], [OUTCOMES]: outcomes });
    expect(await made([earlier])).toEqual([]);
    expect(await made([outcome('f', atMs + 1000, 5, 1), outcome('f', atMs + 2000, 40, 2)])).toMatchObject([{ _key: 'f', hour: 12, _label: 1 }]);
  });

  it('counts a record that was sent twice once', async () => {
    const again = { ...flight, distance_miles: 600, _offset: 9 };
    expect(await rowsOf(featureRowsSql, pipelineOf(SMALLEST_FILE), { [FLIGHTS]: [flight, again], [OUTCOMES]: [earlier] })).toMatchObject([{ _key: 'f', distance: 600 }]);
  });

  it('leaves out the windows of incidents', async () => {
    const plan = { excluded: [{ fromMs: atMs - 1, toMs: atMs + 1 }] };
    expect(await rowsOf(featureRowsSql, pipelineOf(SMALLEST_FILE), { [FLIGHTS]: [flight], [OUTCOMES]: [earlier] }, plan)).toEqual([]);
  });

  it('reads a data set that has no file yet as empty', async () => {
    expect(await rowsOf(featureRowsSql, pipelineOf(SMALLEST_FILE), { [FLIGHTS]: [flight] })).toMatchObject([{ _key: 'f', origin_mean_delay_1h: null }]);
  });
});
