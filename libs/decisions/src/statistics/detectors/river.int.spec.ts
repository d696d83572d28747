import { askReferences } from '@millrace/testing/references';
import { seededRandom } from '../seeded-random.js';
import { Adwin } from './adwin.js';
import type { DetectorParameter } from './make-detector.js';
import { detectorKinds } from './make-detector.js';
import { PageHinkley } from './page-hinkley.js';

const LOADED_MACHINE_MS = 240_000;

interface Asked {
  name: string;
  stream: string;
  parameters: Record<string, DetectorParameter>;
  values: number[];
}
interface Answer {
  drifts: number[];
  warnings: number[];
}

const random = seededRandom(11);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const values = (count: number, value: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => value(i));
/** The linear congruential stream on which the golden indices of River 0.26.1 were computed. */
function lcg(count: number, seed: number): number[] {
  let state = BigInt(seed);
  return values(count, () => Number((state = (1_103_515_245n * state + 12_345n) % 2n ** 31n)) / 2 ** 31);
}

const streams: Record<string, number[]> = {
  'two jumps': [...lcg(1000, 42), ...lcg(1000, 7).map((x) => x + 0.3), ...lcg(1000, 99).map((x) => x - 0.2)],
  'large jumps': values(4000, (i) => normal() + 5 * (Math.floor(i / 700) % 3)),
  'a ramp': values(4000, (i) => normal() + i / 400),
  'no change': values(3000, normal),
  integers: values(3000, (i) => Math.floor(6 * random()) + (i > 1500 ? 2 : 0)),
  'a constant, then noise': values(1500, (i) => (i < 700 ? 3 : 3 + normal())),
  'very large numbers': values(2000, (i) => 1e9 + 1e6 * normal() + (i > 1000 ? 5e6 : 0)),
  'a short stream': values(9, normal),
};
const errors: Record<string, number[]> = {
  'errors that become more': values(3000, (i) => Number(random() < (i < 1000 ? 0.2 : i < 2000 ? 0.4 : 0.05))),
  'errors without a change': values(3000, () => Number(random() < 0.1)),
  'rare errors': values(4000, (i) => Number(random() < (i < 2500 ? 0.01 : 0.06))),
  'no error': values(500, () => 0),
  'errors only': values(500, () => 1),
};
const variants: Record<string, Record<string, DetectorParameter>[]> = {
  adwin: [{}, { delta: 0.05, clock: 1, maxBuckets: 3, minWindowLength: 2, gracePeriod: 20 }, { clock: 7, minWindowLength: 30 }],
  'page-hinkley': [{}, { mode: 'up', threshold: 10 }, { mode: 'down', threshold: 5, minInstances: 5, delta: 0.1, alpha: 0.99 }],
  kswin: [{ seed: 42 }, { seed: 7, alpha: 0.0001, windowSize: 400, statSize: 10 }],
  ddm: [{}, { warmStart: 10, warningThreshold: 1, driftThreshold: 1.5 }],
  eddm: [{}, { warmStart: 10, alpha: 0.99, beta: 0.97 }],
  'hddm-a': [{}, { twoSidedTest: true, driftConfidence: 0.01, warningConfidence: 0.1 }],
  'hddm-w': [{}, { twoSidedTest: true, lambdaVal: 0.1, driftConfidence: 0.01, warningConfidence: 0.1 }],
  fhddm: [{}, { slidingWindowSize: 30, confidenceLevel: 0.01 }],
};
const asked: Asked[] = Object.entries(variants).flatMap(([name, parameterSets]) =>
  parameterSets.flatMap((parameters) => streamsOf(name).map(([stream, list]) => ({ name, stream, parameters, values: list }))),
);

/** River's KSWIN takes a millisecond for a value: it gets the streams short. */
function streamsOf(name: string): [string, number[]][] {
  if (detectorKinds[name]?.binary) return Object.entries(errors);
  return name === 'kswin' ? Object.entries(streams).slice(0, 2).map(([stream, list]) => [stream, list.slice(500, 1600)]) : Object.entries(streams);
}

function indicesOf({ name, parameters, values: list }: Asked): Answer {
  const kind = detectorKinds[name];
  const detector = kind?.make({ ...kind.defaults, ...parameters });
  const found = list.map((value) => detector?.update(value));
  const where = (wanted: string): number[] => found.flatMap((detection, index) => (detection === wanted ? [index] : []));
  return { drifts: where('drift'), warnings: where('warning') };
}

describe("River's detectors", () => {
  let answers: Answer[];
  beforeAll(async () => {
    answers = await askReferences<Answer>(asked.map(({ name, parameters, values: list }) => ({ ask: 'river', detector: detectorKinds[name]?.like, parameters: snakeCased(parameters), values: list }) as never));
  }, LOADED_MACHINE_MS);

  it.each(Object.keys(variants))('%s fires and warns at the same indices', (name) => {
    const different = asked.flatMap((each, index) => {
      if (each.name !== name) return [];
      const [ours, { drifts, warnings }] = [indicesOf(each), answers[index] ?? { drifts: [], warnings: [] }];
      const theirs = { drifts, warnings: warnings.filter((at) => !drifts.includes(at)) }; // EDDM's warning stands on at the drift
      return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ stream: each.stream, parameters: each.parameters, ours, theirs }];
    });
    expect(different).toEqual([]);
  });

  it('fire on at least one stream each', () => {
    expect(Object.keys(variants).filter((name) => !asked.some((each, index) => each.name === name && (answers[index]?.drifts.length ?? 0) > 0))).toEqual([]);
  });

  it('have the golden indices of River 0.26.1', () => {
    const adwin = new Adwin({ delta: 0.002, clock: 32, maxBuckets: 5, minWindowLength: 5, gracePeriod: 10 });
    const hinkley = new PageHinkley({ minInstances: 30, delta: 0.005, threshold: 50, alpha: 0.9999, mode: 'both' });
    const stream = streams['two jumps'] ?? [];
    expect(stream.flatMap((value, index) => (adwin.update(value) === 'drift' ? [index] : []))).toEqual([1087, 2047]);
    expect([adwin.width, adwin.estimate]).toEqual([952, 0.3150723361719391]);
    expect(stream.flatMap((value, index) => (hinkley.update(value) === 'drift' ? [index] : []))).toEqual([1182, 2094]);
  });
});

function snakeCased(parameters: Record<string, DetectorParameter>): Record<string, DetectorParameter> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
}
