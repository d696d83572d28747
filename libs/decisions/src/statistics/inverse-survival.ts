const HALVINGS = 200;

/**
 * The x >= 0 at which a falling survival function reaches `tail` (bracketed, then halved to the last bit).
 * `tail` must lie between 0 and survival(0).
 */
export function inverseSurvival(survival: (x: number) => number, tail: number): number {
  let low = 0;
  let high = 1;
  while (survival(high) > tail && high < Number.MAX_VALUE / 4) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (survival(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
