import { complementaryErrorFunction, errorFunction } from './error-function.js';
import { polynomialAt } from './polynomial.js';

const ROOT_TWO_PI = 2.50662827463100050242;
const OUTER_SHARE = 0.135335283236612692;
const FAR = 8;
const INNER_NUMERATOR = [-59.9633501014107895267, 98.0010754185999661536, -56.6762857469070293439, 13.9312609387279679503, -1.23916583867381258016];
const INNER_DENOMINATOR = [
  1, 1.95448858338141759834, 4.67627912898881538453, 86.3602421390890590575, -225.462687854119370527, 200.260212380060660359,
  -82.0372256168333339912, 15.9056225126211695515, -1.18331621121330003142,
];
const OUTER_NUMERATOR = [
  4.05544892305962419923, 31.5251094599893866154, 57.1628192246421288162, 44.0805073893200834700, 14.6849561928858024014,
  2.18663306850790267539, -0.140256079171354495875, -0.0350424626827848203418, -8.57456785154685413611e-4,
];
const OUTER_DENOMINATOR = [
  1, 15.7799883256466749731, 45.3907635128879210584, 41.3172038254672030440, 15.0425385692907503408, 2.50464946208309415979,
  -0.142182922854787788574, -0.0380806407691578277194, -9.33259480895457427372e-4,
];
const FAR_NUMERATOR = [
  3.23774891776946035970, 6.91522889068984211695, 3.93881025292474443415, 1.33303460815807542389, 0.201485389549179081538,
  0.0123716634817820021358, 3.01581553508235416007e-4, 2.65806974686737550832e-6, 6.23974539184983293730e-9,
];
const FAR_DENOMINATOR = [
  1, 6.02427039364742014255, 3.67983563856160859403, 1.37702099489081330271, 0.216236993594496635890, 0.0134204006088543189037,
  3.28014464682127739104e-4, 2.89247864745380683936e-6, 6.79019408009981274425e-9,
];

/** Probability that a standard normal value lies below z (S. L. Moshier, Cephes `ndtr`). */
export function normalDistribution(z: number): number {
  const x = z * Math.SQRT1_2;
  if (Math.abs(x) < 1) return 0.5 + 0.5 * errorFunction(x);
  const tail = 0.5 * complementaryErrorFunction(Math.abs(x));
  return x > 0 ? 1 - tail : tail;
}

/** Probability that a standard normal value exceeds z. */
export function normalSurvival(z: number): number {
  return normalDistribution(-z);
}

/** The standard normal value below which a share p of the distribution lies; infinite at 0 and 1 (S. L. Moshier, Cephes `ndtri`). */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  const upper = p > 1 - OUTER_SHARE;
  const share = upper ? 1 - p : p;
  if (share > OUTER_SHARE) {
    const offset = share - 0.5;
    const square = offset * offset;
    return ROOT_TWO_PI * (offset + offset * ((square * polynomialAt(square, INNER_NUMERATOR)) / polynomialAt(square, INNER_DENOMINATOR)));
  }
  const x = Math.sqrt(-2 * Math.log(share));
  const [numerator, denominator] = x < FAR ? [OUTER_NUMERATOR, OUTER_DENOMINATOR] : [FAR_NUMERATOR, FAR_DENOMINATOR];
  const size = x - Math.log(x) / x - polynomialAt(1 / x, numerator) / x / polynomialAt(1 / x, denominator);
  return upper ? size : -size;
}
