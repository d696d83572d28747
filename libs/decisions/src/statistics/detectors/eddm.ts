import type { ChangeDetector, Detection } from './change-detector.js';
import { RunningMean } from './running-mean.js';

export interface EddmOptions {
  warmStart: number;
  /** Share of the largest distance below which a warning is given. */
  alpha: number;
  /** Share of it below which it is a drift. */
  beta: number;
}

/** Early drift detection method (Baena-Garcia et al. 2006) on errors, 1 wrong and 0 right: the distance between errors against its largest so far. */
export class Eddm implements ChangeDetector {
  private distances = new RunningMean();
  private squares = 0;
  private count = 0;
  private lastError = 0;
  private largest = -1;
  private state: Detection = 'none';

  constructor(private readonly options: EddmOptions) {}

  update(value: number): Detection {
    if (this.state === 'drift') this.reset();
    this.count += 1;
    if (value !== 1) return this.state;
    const distance = this.count - this.lastError;
    const before = this.distances.mean;
    this.distances.update(distance);
    this.squares += (distance - before) * (distance - this.distances.mean);
    if (this.count > this.options.warmStart) this.judge();
    this.lastError = this.count;
    return this.state;
  }

  private judge(): void {
    const errors = this.distances.count;
    const variance = errors > 1 ? this.squares / (errors - 1) : 0;
    const reach = this.distances.mean + 2 * variance ** 0.5;
    if (reach > this.largest) {
      this.largest = reach;
      return;
    }
    if (errors <= this.options.warmStart) return;
    const level = reach / this.largest;
    this.state = level < this.options.beta ? 'drift' : level < this.options.alpha ? 'warning' : 'none';
  }

  private reset(): void {
    this.distances = new RunningMean();
    this.squares = 0;
    this.count = 0;
    this.lastError = 0;
    this.largest = -1;
    this.state = 'none';
  }
}
