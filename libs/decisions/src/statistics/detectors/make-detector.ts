import { Adwin } from './adwin.js';
import type { ChangeDetector } from './change-detector.js';
import { Ddm } from './ddm.js';
import { Eddm } from './eddm.js';
import { Fhddm } from './fhddm.js';
import { HddmA } from './hddm-a.js';
import { HddmW } from './hddm-w.js';
import { Kswin } from './kswin.js';
import { PageHinkley } from './page-hinkley.js';

export type DetectorParameter = number | boolean | string;

/** A detector that can be asked for by name, with River's parameters and defaults. */
export interface DetectorKind<Parameters extends Record<string, DetectorParameter> = Record<string, DetectorParameter>> {
  /** The class in River. */
  like: string;
  /** Whether it takes errors, 0 and 1, rather than any numbers. */
  binary: boolean;
  defaults: Parameters;
  make(parameters: Parameters): ChangeDetector;
}

function kind<const Parameters extends Record<string, DetectorParameter>>(like: string, binary: boolean, defaults: { [K in keyof Parameters]: Parameters[K] }, make: (parameters: Widened<Parameters>) => ChangeDetector): DetectorKind {
  return { like, binary, defaults, make: (parameters) => make(parameters as Widened<Parameters>) };
}

type Widened<P> = { [K in keyof P]: P[K] extends number ? number : P[K] extends boolean ? boolean : P[K] };

/** Every detector by its name; the indices are those of River 0.26.1. */
export const detectorKinds: Readonly<Record<string, DetectorKind>> = {
  adwin: kind('ADWIN', false, { delta: 0.002, clock: 32, maxBuckets: 5, minWindowLength: 5, gracePeriod: 10 }, (p) => new Adwin(p)),
  'page-hinkley': kind('PageHinkley', false, { minInstances: 30, delta: 0.005, threshold: 50, alpha: 1 - 0.0001, mode: 'both' }, (p) => new PageHinkley(p)),
  kswin: kind('KSWIN', false, { alpha: 0.005, windowSize: 100, statSize: 30, seed: 0 }, (p) => new Kswin(p)),
  ddm: kind('DDM', true, { warmStart: 30, warningThreshold: 2, driftThreshold: 3 }, (p) => new Ddm(p)),
  eddm: kind('EDDM', true, { warmStart: 30, alpha: 0.95, beta: 0.9 }, (p) => new Eddm(p)),
  'hddm-a': kind('HDDMA', true, { driftConfidence: 0.001, warningConfidence: 0.005, twoSidedTest: false }, (p) => new HddmA(p)),
  'hddm-w': kind('HDDMW', true, { driftConfidence: 0.001, warningConfidence: 0.005, lambdaVal: 0.05, twoSidedTest: false }, (p) => new HddmW(p)),
  fhddm: kind('FHDDM', true, { slidingWindowSize: 100, confidenceLevel: 0.000001 }, (p) => new Fhddm(p)),
};
