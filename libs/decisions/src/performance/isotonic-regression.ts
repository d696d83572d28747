/** A monotone step-wise linear function: what isotonic regression makes of observations. */
export interface IsotonicFit {
  /** Ascending places and the values there; between them it is linear, outside constant. */
  at: number[];
  values: number[];
}

interface Pool {
  sum: number;
  weight: number;
  from: number;
  to: number;
}

/**
 * The non-decreasing function nearest to the observations (least squares), by pooling adjacent violators; places that occur
 * several times count with their mean (scikit-learn's `IsotonicRegression`). Empty without observations.
 */
export function isotonicFitOf(places: readonly number[], values: readonly number[]): IsotonicFit {
  const pools: Pool[] = [];
  for (const { place, sum, weight } of meansByPlace(places, values)) {
    pools.push({ sum, weight, from: place, to: place });
    for (let last = pools.length - 1; last > 0; last -= 1) {
      const [below, above] = [pools[last - 1], pools[last]];
      if (!below || !above || below.sum / below.weight < above.sum / above.weight) break;
      pools.splice(last - 1, 2, { sum: below.sum + above.sum, weight: below.weight + above.weight, from: below.from, to: above.to });
    }
  }
  const knots = pools.flatMap(({ sum, weight, from, to }) => (from === to ? [[from, sum / weight]] : [[from, sum / weight], [to, sum / weight]]));
  return { at: knots.map(([place]) => place ?? NaN), values: knots.map(([, value]) => value ?? NaN) };
}

/** The fit's value at a place; NaN of an empty fit. */
export function isotonicValueAt({ at, values }: IsotonicFit, place: number): number {
  let low = 0;
  let high = at.length - 1;
  if (high < 0 || Number.isNaN(place)) return NaN;
  if (place <= (at[0] ?? NaN)) return values[0] ?? NaN;
  if (place >= (at[high] ?? NaN)) return values[high] ?? NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? NaN) <= place) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [at[low] ?? NaN, at[high] ?? NaN, values[low] ?? NaN, values[high] ?? NaN];
  return y0 + ((y1 - y0) * (place - x0)) / (x1 - x0);
}

function meansByPlace(places: readonly number[], values: readonly number[]): { place: number; sum: number; weight: number }[] {
  const order = Uint32Array.from(places.keys()).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const means: { place: number; sum: number; weight: number }[] = [];
  for (const row of order) {
    const place = places[row] ?? NaN;
    const last = means.at(-1);
    if (last?.place === place) {
      last.sum += values[row] ?? NaN;
      last.weight += 1;
    } else means.push({ place, sum: values[row] ?? NaN, weight: 1 });
  }
  return means;
}
