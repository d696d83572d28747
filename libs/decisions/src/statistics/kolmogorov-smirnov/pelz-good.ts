const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);
const SMALLEST_LOG = -708;

/**
 * Probability that the Kolmogorov-Smirnov statistic of n rows is at most x, by the expansion of Pelz and Good (1976) in
 * powers of 1 / sqrt(n), its terms written by Jacobi's theta functions.
 */
export function pelzGoodProbability(n: number, x: number): number {
  const z = Math.sqrt(n) * x;
  const logQ = -(Math.PI ** 2) / 8 / z ** 2;
  if (logQ < SMALLEST_LOG) return 0;
  const [k0, k1, k2, k3] = oddTerms(z, Math.exp(logQ));
  const [extra2, extra3] = evenTerms(z);
  return k0 + k1 / Math.sqrt(n) + (k2 + extra2) / n + (k3 + extra3) / n ** 1.5;
}

function oddTerms(z: number, q: number): [number, number, number, number] {
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6];
  const [pi2, pi4, pi6] = [Math.PI ** 2, Math.PI ** 4, Math.PI ** 6];
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let k = largestTerm(z); k > 0; k -= 1) {
    const m2 = (2 * k - 1) ** 2;
    const terms = [
      1,
      -z2 + (pi2 / 4) * m2,
      6 * z6 + 2 * z4 + (((2 * z4 - 5 * z2) * pi2) / 4) * m2 + ((pi4 * (1 - 2 * z2)) / 16) * m2 ** 2,
      -30 * z6 - 90 * z ** 8 + ((pi2 * (135 * z4 - 96 * z6)) / 4) * m2 + ((pi4 * (-60 * z2 + 212 * z4)) / 16) * m2 ** 2 + ((pi6 * (5 - 30 * z2)) / 64) * m2 ** 3,
    ];
    for (let i = 0; i < 4; i += 1) sums[i] = (sums[i] ?? 0) * q ** (8 * k) + (terms[i] ?? 0);
  }
  const [a, b, c, d] = sums;
  const front = q * ROOT_TWO_PI;
  return [(front * a) / z, (front * b) / (6 * z4), (front * c) / (72 * z ** 7), (front * d) / (6480 * z ** 10)];
}

function evenTerms(z: number): [number, number] {
  const q = Math.exp(-(Math.PI ** 2) / 2 / z ** 2);
  let second = 0;
  let third = 0;
  for (let k = largestTerm(z); k > 0; k -= 1) {
    const power = k ** 2 * q ** (k ** 2);
    second += power;
    third += (Math.sqrt(3) * z + Math.PI * k) * (Math.sqrt(3) * z - Math.PI * k) * power;
  }
  const front = Math.PI ** 2 * ROOT_TWO_PI;
  return [(second * front) / (-36 * z ** 3), (third * front) / (216 * z ** 6)];
}

function largestTerm(z: number): number {
  return Math.ceil((16 * z) / Math.PI);
}
