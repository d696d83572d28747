import type { ChangeDetector, Detection } from './change-detector.js';

export interface FhddmOptions {
  slidingWindowSize: number;
  confidenceLevel: number;
}

/** Fast Hoeffding drift detection (Pesaranghader and Viktor 2016) on correct predictions, 1 right and 0 wrong: their share in a sliding window against its largest. */
export class Fhddm implements ChangeDetector {
  private window: number[] = [];
  private sum = 0;
  private largest = 0;
  private readonly bound: number;

  constructor(private readonly options: FhddmOptions) {
    this.bound = Math.sqrt(Math.log(1 / options.confidenceLevel) / (2 * options.slidingWindowSize));
  }

  update(value: number): Detection {
    this.window.push(value);
    this.sum += value;
    if (this.window.length < this.options.slidingWindowSize) return 'none';
    const share = this.sum / this.options.slidingWindowSize;
    this.largest = Math.max(this.largest, share);
    this.sum -= this.window.shift() ?? 0;
    if (this.largest - share <= this.bound) return 'none';
    this.window = [];
    this.sum = 0;
    this.largest = 0;
    return 'drift';
  }
}
