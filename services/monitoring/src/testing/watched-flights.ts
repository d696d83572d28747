import type { Pipeline } from '@millrace/contracts';
import { parsePipeline, seededRandom } from '@millrace/decisions';

export const DAY_MS = 86_400_000;
export const START_MS = Date.parse('2001-03-01T00:00:00Z');
const ROWS_PER_DAY = 240;
const MILES = [120, 184, 227, 305, 333, 405, 448, 528, 599, 606, 673, 733, 802, 867, 925, 1005, 1120, 1197, 1447, 1589, 1744, 1846];

export const FILE = `pipeline: flights
owners: { data: feed-team, model: ops-team }
dataSets:
  flights:
    key: flight
    eventTime: departed
    columns: { flight: string, departed: timestamp, origin: string, miles: double, load: double }
  outcomes:
    key: flight
    eventTime: departed
    knownAt: landed
    columns: { flight: string, departed: timestamp, landed: timestamp, delay: double }
predict: { dataSet: flights }
features:
  miles: { column: miles }
  load: { column: load }
  origin: { column: origin }
label: { dataSet: outcomes, column: delay, above: 15, maturesAfter: 1d }
training: { command: [python, train.py] }
evaluation: { holdOut: 7d }
monitoring: { falseAlarms: 1 per 365d }
`;

export function flightsDefinition(): Pipeline {
  const { pipeline, errors } = parsePipeline(FILE);
  if (!pipeline) throw new TypeError(JSON.stringify(errors));
  return pipeline;
}

export interface Flight {
  flight: string;
  departed: number;
  miles: number;
  load: number;
  origin: string;
  score: number;
  delay: number;
}

/** How the world of a day differs from the usual one. */
export interface World {
  /** Factor by which the feed's miles are wrong. */
  unit?: number;
  /** Loads mean the opposite of what they meant. */
  inverted?: boolean;
}

const random = seededRandom(77);

/** The flights of a day: the model knows that a high load makes a flight late. */
export function flightsOf(day: number, { unit = 1, inverted = false }: World = {}): Flight[] {
  const level = 0.1 * random();
  return Array.from({ length: ROWS_PER_DAY }, (_, i) => {
    const load = random() + level;
    const score = 1 / (1 + Math.exp(-4 * (load - 0.6)));
    const isLate = random() < (inverted ? 1 - score : score);
    return {
      flight: `f${day}-${i}`,
      departed: START_MS + day * DAY_MS + Math.floor((i / ROWS_PER_DAY) * DAY_MS),
      miles: unit * (MILES[Math.floor(random() ** 1.3 * MILES.length)] ?? 0),
      load,
      origin: random() < 0.6 ? 'ATL' : 'ORD',
      score,
      delay: isLate ? 40 : 0,
    };
  });
}

/** Records of the prediction log: what was answered by a version, served or in shadow. */
export function predictionsOf(flights: readonly Flight[], modelVersion: number, role: 'champion' | 'shadow', scoreOf = (flight: Flight): number => flight.score) {
  return flights.map((flight) => ({
    prediction_id: `p-${flight.flight}`,
    request_id: `r-${flight.flight}`,
    key: flight.flight,
    event_time: flight.departed,
    predicted_at: flight.departed,
    model_version: modelVersion,
    role,
    served: role === 'champion',
    route_revision: 1,
    pipeline_version: 1,
    score: scoreOf(flight),
    propensity: 1,
    latency_ms: 2,
    process: 'test',
    sequence: 1,
    f_miles: flight.miles,
    f_load: flight.load,
    f_origin: flight.origin,
  }));
}

export function outcomesOf(flights: readonly Flight[]) {
  return flights.map(({ flight, departed, delay }) => ({ flight, departed, landed: departed + 3_600_000, delay }));
}

/** Row losses of the sealed hold-out: seven days of the usual world. */
export const rowLossColumns = [
  { name: 'kind', type: 'string' },
  { name: 'event_time', type: 'timestamp' },
  { name: 'label', type: 'double' },
  { name: 'challenger_prediction', type: 'double' },
] as const;

export function rowLosses() {
  return Array.from({ length: 7 }, (_, i) => flightsOf(-8 + i)).flat().map(({ departed, score, delay }) => ({ kind: 'recent', event_time: departed, label: delay > 15 ? 1 : 0, challenger_prediction: score }));
}
