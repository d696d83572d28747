import type { ChangeDetector, Detection } from './change-detector.js';

export interface PageHinkleyOptions {
  minInstances: number;
  /** Change of the mean that is tolerated. */
  delta: number;
  threshold: number;
  /** Factor by which the sums are forgotten with each value. */
  alpha: number;
  mode: 'up' | 'down' | 'both';
}

/** Page-Hinkley test on sums of deviations from the running mean (Page 1954), with the sums of River 0.26.1: one falling from -1 down, one rising from infinity. */
export class PageHinkley implements ChangeDetector {
  private count = 0;
  private mean = 0;
  private increase = 0;
  private decrease = 0;
  private leastIncrease = Infinity;
  private mostDecrease = -1;
  private readonly watchesUp: boolean;
  private readonly watchesDown: boolean;

  constructor(private readonly options: PageHinkleyOptions) {
    this.watchesUp = options.mode !== 'down';
    this.watchesDown = options.mode !== 'up';
  }

  update(value: number): Detection {
    const { alpha, delta, threshold, minInstances } = this.options;
    this.count += 1;
    this.mean += (1 / this.count) * (value - this.mean);
    const deviation = value - this.mean;
    this.increase = alpha * this.increase + deviation - delta;
    this.decrease = alpha * this.decrease + deviation + delta;
    if (this.increase < this.leastIncrease) this.leastIncrease = this.increase;
    if (this.decrease > this.mostDecrease) this.mostDecrease = this.decrease;
    if (this.count < minInstances) return 'none';
    const up = this.watchesUp && this.increase - this.leastIncrease > threshold;
    if (!up && !(this.watchesDown && this.mostDecrease - this.decrease > threshold)) return 'none';
    this.reset();
    return 'drift';
  }

  private reset(): void {
    this.count = 0;
    this.mean = 0;
    this.increase = 0;
    this.decrease = 0;
    this.leastIncrease = Infinity;
    this.mostDecrease = -1;
  }
}
