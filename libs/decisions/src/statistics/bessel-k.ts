const STEP = 1 / 16;
const NEGLIGIBLE = 1e-20;

/**
 * Modified Bessel function of the second kind K_order(x) for x > 0, times exp(x): the integral of
 * exp(-x (cosh t - 1)) cosh(order t) over t >= 0 by the trapezoidal rule, which converges doubly exponentially here.
 */
export function scaledBesselK(order: number, x: number): number {
  const scale = Math.min(1, 1 / Math.sqrt(x)); // the integrand's width
  const step = STEP * scale;
  let sum = 0.5;
  for (let i = 1; ; i += 1) {
    const half = Math.sinh((i * step) / 2);
    const term = Math.exp(-2 * x * half * half) * Math.cosh(order * i * step);
    sum += term;
    if (term < NEGLIGIBLE * sum) return sum * step;
  }
}
