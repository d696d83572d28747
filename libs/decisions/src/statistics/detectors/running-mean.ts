/** Mean of the values so far, updated as River's `stats.Mean` does, to the last bit. */
export class RunningMean {
  constructor(
    public count = 0,
    public mean = 0,
  ) {}

  update(value: number): void {
    this.count += 1;
    this.mean += (1 / this.count) * (value - this.mean);
  }

  copy(): RunningMean {
    return new RunningMean(this.count, this.mean);
  }
}
