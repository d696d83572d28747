import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { seededRandom } from '@millrace/decisions';

export const DAY_MS = 86_400_000;

/** One prediction that is asked for, and its outcome. */
export interface StreamRow {
  key: string;
  atMs: number;
  features: Record<string, number | string | null>;
  label: number;
  /** Probability by which the label was drawn; null where nobody knows it. */
  truth: number | null;
}

/** A use case day by day. */
export interface RegretStream {
  name: string;
  features: { name: string; type: 'double' | 'string' }[];
  days: StreamRow[][];
  /** Days before the first model serves. */
  past: number;
}

const PAST = 30;
const LIVE = 90;
const ROWS = 400;
const START_MS = Date.parse('2001-01-01T00:00:00Z');

interface World {
  /** Mean of the two inputs. */
  centre: [number, number];
  /** Log-odds of label 1. */
  oddsOf(x: number, y: number): number;
}

const USUAL: World = { centre: [0, 0], oddsOf: (x, y) => -0.4 + 2 * x - y };
const OTHER: World = { centre: [0, 0], oddsOf: (x, y) => -0.4 - 1.5 * x + 1.5 * y };
/** Where the inputs move to, the outcome follows a bend that the past hardly showed. */
const bent = (x: number, y: number): number => -0.4 + 2 * Math.min(x, 2) - 6 * Math.max(0, x - 2) - y;
/** The direction that matters, turned by an angle in radians: there is as much to learn at every time. */
const turnedBy = (angle: number) => (x: number, y: number): number => -0.4 + 2 * (Math.cos(angle) * x + Math.sin(angle) * y);

/** Three planted streams: inputs jump to where the model never was; the concept turns gradually; two worlds take turns. */
export function plantedStreams(seed: number): RegretStream[] {
  return [
    planted('sudden covariate', seed, (day) => ({ centre: day < PAST + 25 ? [0, 0] : [2.5, 0.5], oddsOf: bent })),
    planted('gradual concept', seed + 1, (day) => {
      const turned = Math.min(1, Math.max(0, (day - PAST - 20) / 30));
      return { centre: [0, 0], oddsOf: turnedBy(turned * 0.75 * Math.PI) };
    }),
    planted('recurring', seed + 2, (day) => (day >= PAST && Math.floor((day - PAST) / 22) % 2 === 1 ? OTHER : USUAL)),
  ];
}

/** Days differ among themselves: each has a level of its own that no feature tells. */
function planted(name: string, seed: number, worldOf: (day: number) => World): RegretStream {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const days = Array.from({ length: PAST + LIVE }, (_, day) => {
    const { centre, oddsOf } = worldOf(day);
    const [levelX, levelOdds] = [0.15 * normal(), 0.15 * normal()];
    return Array.from({ length: ROWS }, (_row, i): StreamRow => {
      const [x, y] = [centre[0] + levelX + normal(), centre[1] + normal()];
      const truth = 1 / (1 + Math.exp(-oddsOf(x, y) - levelOdds));
      return { key: `${day}-${i}`, atMs: START_MS + day * DAY_MS + Math.floor((i / ROWS) * DAY_MS), features: { x, y, kind: random() < 0.5 ? 'a' : 'b' }, label: random() < truth ? 1 : 0, truth };
    });
  });
  return { name, features: [{ name: 'x', type: 'double' }, { name: 'y', type: 'double' }, { name: 'kind', type: 'string' }], days, past: PAST };
}

/** The package exports code only, so its data file is found beside the code. */
const flightsFile = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
const FLIGHT_DAYS = 120;

/** Every third real flight that left two large airports, January to April 2001: nothing was planted here. */
export async function flightsStream(): Promise<RegretStream> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run(`
    create table flights as select row_number() over (order by date, origin, destination, delay, distance) as n, date as at, origin, destination, distance::double as distance, delay::double as delay,
      date + to_microseconds(((35 + distance / 7.5 + delay) * 60000000)::bigint) as known from read_parquet('${flightsFile}') where origin in ('ORD', 'ATL') and date < timestamp '2001-05-01'`);
  const rows = (await connection.runAndReadAll(`
    select f.n, epoch_ms(f.at) as at_ms, hour(f.at) as hour, dayofweek(f.at) as weekday, f.distance, f.origin, f.destination, f.delay > 15 as late, avg(o.delay) as mean_delay
    from (from flights where n % 3 = 0) f left join flights o on o.origin = f.origin and o.known <= f.at and o.known > f.at - interval 1 hour
    group by all order by at_ms, f.n`)).getRowObjectsJson() as Record<string, string | number | boolean | null>[];
  connection.closeSync();
  const days: StreamRow[][] = Array.from({ length: FLIGHT_DAYS }, () => []);
  for (const row of rows) {
    const atMs = Number(row['at_ms']);
    const features = { hour: Number(row['hour']), weekday: Number(row['weekday']), distance: Number(row['distance']), origin: String(row['origin']), destination: String(row['destination']), mean_delay: row['mean_delay'] === null ? null : Number(row['mean_delay']) };
    days[Math.floor((atMs - START_MS) / DAY_MS)]?.push({ key: String(row['n']), atMs, features, label: row['late'] ? 1 : 0, truth: null });
  }
  const features = [['hour', 'double'], ['weekday', 'double'], ['distance', 'double'], ['origin', 'string'], ['destination', 'string'], ['mean_delay', 'double']] as const;
  return { name: 'flights', features: features.map(([name, type]) => ({ name, type })), days, past: PAST };
}
