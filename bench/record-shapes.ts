import { parsePipeline } from '@millrace/decisions';
import type { Pipeline } from '@millrace/contracts';

/** A kind of record and the data set that takes it. */
export interface RecordShape {
  name: string;
  /** YAML of the columns. */
  columns: string;
  /** JSON of the record with a number. */
  recordOf(index: number): string;
}

const timeOf = (index: number): string => new Date(Date.UTC(2025, 0, 1) + index).toISOString();

/** A short record: a key, a time, two numbers, a text. */
export function shortRecords(bytes: number): RecordShape {
  const filler = 'x'.repeat(Math.max(0, bytes - 95));
  return {
    name: `${bytes} B`,
    columns: '{ id: string, at: timestamp, load: { type: double, from: 0, to: 100 }, count: long, filler: string }',
    recordOf: (index) => JSON.stringify({ id: `r${index}`, at: timeOf(index), load: index % 100, count: index % 500, filler }),
  };
}

/** A wide record of about 2 kB: a key, a time, and groups of numbers, texts and truths. */
export function wideRecords(): RecordShape {
  const sensors = Array.from({ length: 32 }, (_, index) => index);
  const columns = sensors.map((sensor) => `sensor_${sensor}_value: { type: double, from: -1000, to: 100000 }, sensor_${sensor}_is_ok: boolean, sensor_${sensor}_unit: string`);
  const groups = (index: number): [string, unknown][] =>
    sensors.flatMap((sensor): [string, unknown][] => [[`sensor_${sensor}_value`, ((index * 7 + sensor * 13) % 10_000) / 100], [`sensor_${sensor}_is_ok`, (index + sensor) % 5 !== 0], [`sensor_${sensor}_unit`, sensor % 2 === 0 ? 'bar' : 'kelvin']]);
  return {
    name: '2 kB, 98 columns',
    columns: `{ id: string, at: timestamp, ${columns.join(', ')} }`,
    recordOf: (index) => JSON.stringify({ id: `r${index}`, at: timeOf(index), ...Object.fromEntries(groups(index)) }),
  };
}

/** A pipeline whose first data set, `default/<name>`, takes records of a shape. */
export function pipelineOf(name: string, { columns }: RecordShape): Pipeline {
  const { pipeline, errors } = parsePipeline(`pipeline: bench-${name}
dataSets:
  ${name}:
    key: id
    eventTime: at
    columns: ${columns}
  ${name}-outcomes:
    key: id
    eventTime: at
    knownAt: known_at
    columns: { id: string, at: timestamp, known_at: timestamp, wear: double }
predict: { dataSet: ${name} }
features:
  first: { column: ${/(\w+): \{ type: double/.exec(columns)?.[1] ?? 'load'} }
label: { dataSet: ${name}-outcomes, column: wear, above: 5, maturesAfter: 1d }
training: { command: [python, train.py] }
`);
  if (!pipeline) throw new TypeError(`the pipeline of the bench is wrong: ${JSON.stringify(errors)}`);
  return pipeline;
}
