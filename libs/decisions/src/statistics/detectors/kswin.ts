import { ksPValueOf } from '../kolmogorov-smirnov/two-sample-test.js';
import { ksDistanceOf } from '../sample-distances.js';
import type { ChangeDetector, Detection } from './change-detector.js';
import { MersenneTwister } from './mersenne-twister.js';

export interface KswinOptions {
  alpha: number;
  windowSize: number;
  /** The newest so many values are compared with as many drawn from the rest of the window. */
  statSize: number;
  seed: number;
}

const LEAST_DISTANCE = 0.1;

/** Kolmogorov-Smirnov test in a sliding window (Raab et al. 2020), drawing as Python's generator of the same seed does. */
export class Kswin implements ChangeDetector {
  private window: number[] = [];
  private random: MersenneTwister;

  constructor(private readonly options: KswinOptions) {
    this.random = new MersenneTwister(options.seed);
  }

  update(value: number): Detection {
    const { windowSize, statSize, alpha, seed } = this.options;
    this.window.push(value);
    if (this.window.length > windowSize) this.window.shift();
    if (this.window.length < windowSize) return 'none';
    const drawn = this.random.sample(windowSize - statSize, statSize).map((index) => this.window[index] ?? NaN);
    const distance = ksDistanceOf(drawn, this.window.slice(windowSize - statSize));
    if (distance <= LEAST_DISTANCE || ksPValueOf(distance, statSize, statSize) > alpha) return 'none';
    this.window = [];
    this.random = new MersenneTwister(seed);
    return 'drift';
  }
}
