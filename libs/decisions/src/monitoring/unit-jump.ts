import { meanOf } from '../statistics/moments.js';
import { shapeDistanceOf } from './column-distance.js';

export interface UnitJump {
  /** Window value = factor * reference value. */
  factor: number;
  /** Distance of the percentiles from the reference before and after dividing by the factor, in units of the column's usual size. */
  before: number;
  after: number;
}

/** Units that are mistaken for one another: length, mass, volume, pressure, minor units of a currency, time, and powers of ten. */
const KNOWN_FACTORS = [1.609344, 0.3048, 2.54, 0.45359237, 3.785411784, 28.349523125, 14.5037738, 10, 100, 1000, 1_000_000, 12, 24, 60, 3600, 86_400].flatMap(
  (factor) => [factor, 1 / factor],
);
/** A ratio of sizes read from one window is uncertain; known factors as near as this are tried (difference of logarithms). */
const KNOWN_TOLERANCE = 0.12;
/** A known factor is preferred to the ratio itself when it explains the window nearly as well. */
const KNOWN_PREFERENCE = 1.5;
const SMALLEST_UNKNOWN_FACTOR = 1.5;
/** A shape counts as restored up to so many usual distances: the window itself may be an unusual one. */
const RESTORED = 1.5;
/** Share of the distance that may remain after dividing by a known factor, and by one that no unit has. */
const LARGEST_REMAINDER = 1 / 3;
const LARGEST_REMAINDER_OF_UNKNOWN = 1 / 8;
/** A factor has to explain the window so much better than an amount does: a small one and a shift look alike. */
const BETTER_THAN_AMOUNT = 1 / 2;
/** A column whose windows differ by more than this part of its size anyway can grow by any factor without being broken. */
const LARGEST_USUAL_DIFFERENCE = 0.25;

/**
 * Whether a column's values were multiplied by one factor: dividing by it brings back the reference's shape, as near as the
 * reference's own windows lie to one another. A distribution that moved by an amount, or whose size differs from window to
 * window anyway, is not explained by a factor; nor is one that lies no farther away than windows usually do (yards and metres
 * are near enough for that).
 * @param reference percentiles of the reference
 * @param window percentiles of the window
 * @param shapeThreshold usual distance between windows of the reference, in the column's unit
 * @param differenceOfWindows the same of whole windows, where only a part of one is judged: fewer rows differ more without the column being another
 * @returns null when no factor explains the window
 */
export function unitJumpOf(reference: readonly number[], window: readonly number[], shapeThreshold: number, differenceOfWindows = shapeThreshold): UnitJump | null {
  if (window.length === 0 || reference.length === 0) return null;
  const size = meanOf(reference.map(Math.abs));
  if (!(differenceOfWindows <= LARGEST_USUAL_DIFFERENCE * size)) return null;
  const before = shapeDistanceOf(window, reference);
  if (before <= RESTORED * shapeThreshold) return null;
  const jumps = candidatesOf(reference, window)
    .map((factor) => ({ factor, before, after: shapeDistanceOf(window.map((value) => value / factor), reference) }))
    .sort((x, y) => x.after - y.after);
  const nearest = jumps[0]?.after ?? Infinity;
  const best = jumps.find((jump) => KNOWN_FACTORS.includes(jump.factor) && jump.after <= KNOWN_PREFERENCE * nearest) ?? jumps[0];
  const remainder = best && KNOWN_FACTORS.includes(best.factor) ? LARGEST_REMAINDER : LARGEST_REMAINDER_OF_UNKNOWN;
  const isRestored = best && best.after <= RESTORED * shapeThreshold && best.after <= remainder * before;
  return isRestored && best.after <= BETTER_THAN_AMOUNT * afterAmount(reference, window) ? best : null;
}

/** Distance that remains when the median's difference is taken away: of values that moved by an amount nothing. */
function afterAmount(reference: readonly number[], window: readonly number[]): number {
  const amount = (window[50] ?? NaN) - (reference[50] ?? NaN);
  return shapeDistanceOf(window.map((value) => value - amount), reference);
}

/** The known factors near the ratio of sizes, and the ratio itself when it is not small. */
function candidatesOf(reference: readonly number[], window: readonly number[]): number[] {
  const size = meanOf(window.map(Math.abs)) / meanOf(reference.map(Math.abs));
  const middle = (window[50] ?? NaN) / (reference[50] ?? NaN);
  return [size, middle].flatMap((ratio) => {
    if (!(ratio > 0) || !Number.isFinite(ratio)) return [];
    const known = KNOWN_FACTORS.filter((factor) => Math.abs(Math.log(ratio / factor)) < KNOWN_TOLERANCE);
    return Math.abs(Math.log(ratio)) >= Math.log(SMALLEST_UNKNOWN_FACTOR) ? [...known, ratio] : known;
  });
}
