import type { ChangeDetector, Detection } from './change-detector.js';
import { RunningMean } from './running-mean.js';

export interface DdmOptions {
  warmStart: number;
  /** In standard deviations of the error rate above its least. */
  warningThreshold: number;
  driftThreshold: number;
}

/** Drift detection method (Gama et al. 2004) on errors, 1 wrong and 0 right: the error rate against its least so far. */
export class Ddm implements ChangeDetector {
  private errors = new RunningMean();
  private least = { rate: 0, deviation: 0, sum: Infinity };

  constructor(private readonly options: DdmOptions) {}

  update(value: number): Detection {
    this.errors.update(value);
    const { mean: rate, count } = this.errors;
    const deviation = Math.sqrt((rate * (1 - rate)) / count);
    if (count <= this.options.warmStart) return 'none';
    if (rate + deviation <= this.least.sum) this.least = { rate, deviation, sum: rate + deviation };
    if (rate + deviation > this.least.rate + this.options.driftThreshold * this.least.deviation) {
      this.errors = new RunningMean();
      this.least = { rate: 0, deviation: 0, sum: Infinity };
      return 'drift';
    }
    return rate + deviation > this.least.rate + this.options.warningThreshold * this.least.deviation ? 'warning' : 'none';
  }
}
