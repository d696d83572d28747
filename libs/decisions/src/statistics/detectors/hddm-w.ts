import type { ChangeDetector, Detection } from './change-detector.js';
import type { HddmOptions } from './hddm-a.js';

export interface HddmWOptions extends HddmOptions {
  /** Weight of a new value in the moving average. */
  lambdaVal: number;
}

/** Drift detection by McDiarmid's bound on exponentially weighted averages of errors (Frias-Blanco et al. 2015, their W-test). */
export class HddmW implements ChangeDetector {
  private all: WeightedMean;
  private rise: Split;
  private fall: Split;

  constructor(private readonly options: HddmWOptions) {
    this.all = new WeightedMean(options.lambdaVal);
    this.rise = this.emptySplit();
    this.fall = this.emptySplit();
  }

  update(value: number): Detection {
    this.all.update(value);
    const reach = boundOf(this.all.weight, this.options.driftConfidence);
    this.extend(this.rise, value, this.all.mean + reach, (edge, cut) => edge < cut);
    this.extend(this.fall, value, reach - this.all.mean, (edge, cut) => edge < cut);
    const detection = this.judge();
    if (detection === 'drift') {
      this.all = new WeightedMean(this.options.lambdaVal);
      this.rise = this.emptySplit();
      this.fall = this.emptySplit();
    }
    return detection;
  }

  /** Moves the cut to the present where the average is the most extreme so far, else adds to what came after it. */
  private extend(split: Split, value: number, edge: number, isBetter: (edge: number, cut: number) => boolean): void {
    if (!isBetter(edge, split.cut)) {
      split.after.update(value);
      return;
    }
    split.cut = edge;
    split.before = this.all.copy();
    split.after = new WeightedMean(this.options.lambdaVal);
  }

  private judge(): Detection {
    const { driftConfidence, warningConfidence, twoSidedTest } = this.options;
    const rose = (confidence: number): boolean => isAbove(this.rise.after, this.rise.before, confidence);
    const fell = (confidence: number): boolean => twoSidedTest && isAbove(this.fall.before, this.fall.after, confidence);
    if (rose(driftConfidence) || fell(driftConfidence)) return 'drift';
    return rose(warningConfidence) || fell(warningConfidence) ? 'warning' : 'none';
  }

  private emptySplit(): Split {
    return { cut: Infinity, before: new WeightedMean(this.options.lambdaVal), after: new WeightedMean(this.options.lambdaVal) };
  }
}

interface Split {
  cut: number;
  before: WeightedMean;
  after: WeightedMean;
}

class WeightedMean {
  constructor(
    private readonly lambda: number,
    public mean = 0,
    public weight = 1,
    public hasValues = false,
  ) {}

  update(value: number): void {
    this.mean = this.hasValues ? this.lambda * value + (1 - this.lambda) * this.mean : value;
    this.weight = this.lambda * this.lambda + (1 - this.lambda) ** 2 * this.weight;
    this.hasValues = true;
  }

  copy(): WeightedMean {
    return new WeightedMean(this.lambda, this.mean, this.weight, this.hasValues);
  }
}

function isAbove(high: WeightedMean, low: WeightedMean, confidence: number): boolean {
  return high.hasValues && low.hasValues && high.mean - low.mean > boundOf(high.weight + low.weight, confidence);
}

function boundOf(weight: number, confidence: number): number {
  return Math.sqrt((weight * Math.log(1 / confidence)) / 2);
}
