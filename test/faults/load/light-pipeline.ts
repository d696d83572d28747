import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '../../../examples/machine-wear/seeded-random.ts';
import type { Quarter, UseCase } from './use-case.ts';

type Kind = Pick<UseCase, 'name' | 'logging' | 'approval' | 'door'>;

const code = [{ path: 'train.py', contentBase64: readFileSync(join(import.meta.dirname, 'light/train.py')).toString('base64') }];
const kinds: readonly Kind[] = [
  { name: 'light-one', logging: 'durable', approval: 'automatic', door: 'kafka' },
  { name: 'light-two', logging: 'best-effort', approval: 'person', door: 'http' },
  { name: 'light-three', logging: 'durable', approval: 'automatic', door: 'kafka' },
  { name: 'light-four', logging: 'best-effort', approval: 'automatic', door: 'http' },
];

/** Small use cases: what a machine measures, and what became of it two hours later. */
export const lightPipelines: readonly UseCase[] = kinds.map((kind) => ({
  ...kind, sets: { readings: `${kind.name}-readings`, outcomes: `${kind.name}-outcomes` }, keyColumn: 'reading', launchQuarters: 28, code,
  fileOf: (revision) => fileOf(kind, revision), quarterOf: (seed, number) => quarterOf(seed, kind, number),
}));

function fileOf({ name, logging, approval }: Kind, revision: number): string {
  return `pipeline: ${name}
description: A small use case for fault campaigns, revision ${revision}
dataSets:
  ${name}-readings:
    key: reading
    eventTime: at
    partitions: 2
    columns: { reading: string, at: timestamp, machine: string, speed: double, heat: { type: double, from: -100, to: 100 } }
  ${name}-outcomes:
    key: reading
    eventTime: at
    knownAt: known_at
    partitions: 2
    columns: { reading: string, machine: string, at: timestamp, known_at: timestamp, wear: double }
predict: { dataSet: ${name}-readings }
features:
  speed: { column: speed }
  heat: { column: heat }
  mean_wear: { mean: wear, from: ${name}-outcomes, by: machine, window: 12h }
label: { dataSet: ${name}-outcomes, column: wear, maturesAfter: 3h }
training: { command: [python3, train.py], window: 8d, minimumMaturedRows: 200, timeout: 2m }
evaluation: { holdOut: 3d, metric: squared-error, gates: { gain: { alpha: 0.49 }, referenceLoss: 1000000 } }
rollout: { shadow: { predictions: 0, margin: 1000 }, canary: [{ traffic: 50%, predictions: 20 }], bake: 0s, shadowPredecessor: 0 }
serving: { logging: ${logging} }
approval: { firstVersion: automatic, next: ${approval} }
monitoring: { window: 1d, alarmAfter: 3, of: 3 }
reactions: { drift: alert, performance: alert, coolDown: 7d }
`;
}

const startMs = Date.parse('2026-03-02T00:00:00Z');
const quarterMs = 6 * 3_600_000;
const readingsPerQuarter = 24;
const machines = 6;
const outcomeMs = 2 * 3_600_000;
/** What wear makes of speed turns around within some sixty days, so that a model of last week is soon worse than one of today. */
const daysPerTurn = 60;
const badShare = 0.02;

/** Six hours of a pipeline's world, the same for the same seed, pipeline and number. Some readings break their expectation. */
function quarterOf(seed: number, { name }: Kind, number: number): Quarter {
  const random = new SeededRandom(seed + number * 7919 + [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7));
  const made = Array.from({ length: readingsPerQuarter }, (_, index) => {
    const atMs = Math.round(startMs + number * quarterMs + ((index + random.uniform()) / readingsPerQuarter) * quarterMs);
    const at = new Date(atMs).toISOString();
    const machine = `${name}-m${index % machines}`;
    const [speed, heat] = [random.normal(), random.normal()];
    const turn = Math.sin((2 * Math.PI * (atMs - startMs)) / (daysPerTurn * 86_400_000));
    const wear = 5 * turn * speed + heat + 0.3 * random.normal();
    const reading = `${name}-${number}-${index}`;
    const isBad = random.uniform() < badShare;
    return { reading: { reading, at, machine, speed, heat: isBad ? 1_000 : heat }, outcome: { reading, machine, at, known_at: new Date(atMs + outcomeMs).toISOString(), wear }, isBad };
  });
  return { readings: made.map(({ reading }) => reading), outcomes: made.filter(({ isBad }) => !isBad).map(({ outcome }) => outcome) };
}
