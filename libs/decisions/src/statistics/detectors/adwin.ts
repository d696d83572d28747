import type { ChangeDetector, Detection } from './change-detector.js';

export interface AdwinOptions {
  /** Probability of a false cut. */
  delta: number;
  /** The window is checked at every so many values. */
  clock: number;
  /** Buckets of each size; one more merges the two oldest. */
  maxBuckets: number;
  minWindowLength: number;
  gracePeriod: number;
}

const MOST_ROWS = 64;

/**
 * Adaptive windowing (Bifet and Gavalda 2007) over exponential buckets, as River 0.26.1 has it: row i holds buckets of 2^i values, every bucket
 * is tried as a cut from the oldest on, a cut drops the oldest bucket and the window is tried again.
 */
export class Adwin implements ChangeDetector {
  private readonly capacity: number;
  private readonly totals: Float64Array;
  private readonly variances: Float64Array;
  private readonly used = new Int32Array(MOST_ROWS);
  private rows = 1;
  private tick = 0;
  private length = 0;
  private total = 0;
  private squares = 0;

  constructor(private readonly options: AdwinOptions) {
    this.capacity = options.maxBuckets + 1;
    this.totals = new Float64Array(MOST_ROWS * this.capacity);
    this.variances = new Float64Array(MOST_ROWS * this.capacity);
  }

  /** Values in the window. */
  get width(): number {
    return this.length;
  }

  /** Mean of the window; 0 when it is empty. */
  get estimate(): number {
    return this.length === 0 ? 0 : this.total / this.length;
  }

  update(value: number): Detection {
    this.insert(value);
    this.tick += 1;
    if (this.tick % this.options.clock !== 0 || this.length <= this.options.gracePeriod) return 'none';
    let found = false;
    while (this.hasCut()) {
      this.dropOldest();
      found = true;
    }
    if (!found) return 'none';
    this.reset();
    return 'drift';
  }

  private insert(value: number): void {
    this.append(0, value, 0);
    this.length += 1;
    if (this.length > 1) {
      const gap = value - this.total / (this.length - 1);
      this.squares += ((this.length - 1) * gap * gap) / this.length;
    }
    this.total += value;
    for (let row = 0; this.used[row] === this.capacity; row += 1) this.mergeOldest(row);
  }

  private append(row: number, total: number, variance: number): void {
    const at = row * this.capacity + (this.used[row] as number);
    this.totals[at] = total;
    this.variances[at] = variance;
    this.used[row] = (this.used[row] as number) + 1;
    if (row >= this.rows) this.rows = row + 1;
  }

  private mergeOldest(row: number): void {
    const at = row * this.capacity;
    const size = 2 ** row;
    const first = this.totals[at] as number;
    const second = this.totals[at + 1] as number;
    const gap = first / size - second / size;
    this.append(row + 1, first + second, (this.variances[at] as number) + (this.variances[at + 1] as number) + (size * size * gap * gap) / (size + size));
    this.remove(row, 2);
  }

  private remove(row: number, count: number): void {
    const at = row * this.capacity;
    const left = (this.used[row] as number) - count;
    for (let to = at; to < at + left; to += 1) {
      this.totals[to] = this.totals[to + count] as number;
      this.variances[to] = this.variances[to + count] as number;
    }
    this.used[row] = left;
  }

  private dropOldest(): void {
    const row = this.rows - 1;
    const at = row * this.capacity;
    const size = 2 ** row;
    const total = this.totals[at] as number;
    const variance = this.variances[at] as number;
    this.length -= size;
    this.total -= total;
    const gap = total / size - this.total / this.length;
    this.squares -= variance + (size * this.length * gap * gap) / (size + this.length);
    this.remove(row, 1);
    if (this.used[row] === 0) this.rows -= 1;
  }

  /** Whether some place splits the window into two parts with means too far apart. */
  private hasCut(): boolean {
    const { minWindowLength, delta } = this.options;
    const prime = Math.log((2 * Math.log(this.length)) / delta);
    const spread = this.squares / this.length;
    let olderLength = 0;
    let olderTotal = 0;
    let newerLength = this.length;
    let newerTotal = this.total;
    for (let row = this.rows - 1; row >= 0; row -= 1) {
      const size = 2 ** row;
      const end = (this.used[row] as number) - (row === 0 ? 1 : 0); // after the newest bucket nothing is left to compare
      for (let at = row * this.capacity, bucket = 0; bucket < end; bucket += 1, at += 1) {
        const total = this.totals[at] as number;
        olderLength += size;
        newerLength -= size;
        olderTotal += total;
        newerTotal -= total;
        if (newerLength < minWindowLength) return false;
        if (olderLength < minWindowLength) continue;
        const reciprocal = 1 / (olderLength - minWindowLength + 1) + 1 / (newerLength - minWindowLength + 1);
        const bound = Math.sqrt(2 * reciprocal * spread * prime) + (2 / 3) * prime * reciprocal;
        if (Math.abs(olderTotal / olderLength - newerTotal / newerLength) > bound) return true;
      }
    }
    return false;
  }

  private reset(): void {
    this.used.fill(0);
    this.rows = 1;
    this.tick = 0;
    this.length = 0;
    this.total = 0;
    this.squares = 0;
  }
}
