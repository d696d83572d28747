import type { ChangeDetector, Detection } from './change-detector.js';
import { RunningMean } from './running-mean.js';

export interface HddmOptions {
  driftConfidence: number;
  warningConfidence: number;
  /** Whether a fall of the error rate counts as well. */
  twoSidedTest: boolean;
}

/** Drift detection by Hoeffding's bound on moving averages of errors (Frias-Blanco et al. 2015, their A-test). */
export class HddmA implements ChangeDetector {
  private all = new RunningMean();
  private lowest = new RunningMean();
  private highest = new RunningMean();

  constructor(private readonly options: HddmOptions) {}

  update(value: number): Detection {
    this.all.update(value);
    if (this.lowest.count === 0) this.lowest = this.all.copy();
    if (this.highest.count === 0) this.highest = this.all.copy();
    const bound = this.boundOf(this.all.count);
    if (this.lowest.mean + this.boundOf(this.lowest.count) >= this.all.mean + bound) this.lowest = this.all.copy();
    if (this.highest.mean - this.boundOf(this.highest.count) <= this.all.mean - bound) this.highest = this.all.copy();
    const detection = this.judge();
    if (detection === 'drift') {
      this.all = new RunningMean();
      this.lowest = new RunningMean();
      this.highest = new RunningMean();
    }
    return detection;
  }

  private judge(): Detection {
    const { driftConfidence, warningConfidence, twoSidedTest } = this.options;
    const rise = (confidence: number): boolean => this.isApart(this.lowest, this.all.mean - this.lowest.mean, confidence);
    const fall = (confidence: number): boolean => twoSidedTest && this.isApart(this.highest, this.highest.mean - this.all.mean, confidence);
    if (rise(driftConfidence) || fall(driftConfidence)) return 'drift';
    return rise(warningConfidence) || fall(warningConfidence) ? 'warning' : 'none';
  }

  private isApart(cut: RunningMean, gap: number, confidence: number): boolean {
    if (cut.count === this.all.count) return false;
    const m = ((this.all.count - cut.count) / cut.count) * (1 / this.all.count);
    return gap >= Math.sqrt((m / 2) * Math.log(2 / confidence));
  }

  private boundOf(count: number): number {
    return Math.sqrt((1 / (2 * count)) * Math.log(1 / this.options.driftConfidence));
  }
}
