import type { Pipeline } from '@millrace/contracts';
import { parsePipeline } from './parse-pipeline.js';

/** The smallest useful file, for tests. */
export const SMALLEST_FILE = `pipeline: flight-delays
dataSets:
  flights:
    key: flight_id
    eventTime: departed_at
    columns: { flight_id: string, departed_at: timestamp, origin: string, distance_miles: double }
  flight-outcomes:
    key: flight_id
    eventTime: departed_at
    knownAt: known_at
    columns: { flight_id: string, origin: string, departed_at: timestamp, known_at: timestamp, delay_minutes: double }
predict: { dataSet: flights }
features:
  hour: { hourOf: departed_at }
  distance: { column: distance_miles }
  origin: { column: origin }
  origin_mean_delay_1h: { mean: delay_minutes, from: flight-outcomes, by: origin, window: 1h }
label: { dataSet: flight-outcomes, column: delay_minutes, above: 15, maturesAfter: 1d }
training: { command: [python, train.py] }
`;

/** The pipeline of a file that is right. */
export function pipelineOf(source: string): Pipeline {
  const parsed = parsePipeline(source);
  if (parsed.errors) throw new TypeError(parsed.errors.map((flaw) => `${flaw.line}:${flaw.column} ${flaw.path} ${flaw.message}`).join('\n'));
  return parsed.pipeline;
}
