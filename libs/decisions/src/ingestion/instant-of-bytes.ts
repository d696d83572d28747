const [ZERO, NINE, DASH, COLON, DOT, LETTER_T, LETTER_Z, PLUS] = [0x30, 0x39, 0x2d, 0x3a, 0x2e, 0x54, 0x5a, 0x2b];
const DAY_MS = 86_400_000;
const DAYS_OF_MONTH = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** `2025-01-31T23:59:59.999Z` */
export const CANONICAL_LENGTH = 24;

/**
 * Milliseconds since 1970 of a text of bytes in the common forms of ISO 8601, `YYYY-MM-DDTHH:MM:SS[.fraction](Z|+HH:MM|-HH:MM)`, digits of a fraction
 * behind the third cut off; NaN for any other text, whether or not it names an instant.
 */
export function instantOfBytes(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 20 || !isPunctuated(bytes, from)) return Number.NaN;
  const year = two(bytes, from) * 100 + two(bytes, from + 2);
  const month = two(bytes, from + 5);
  const day = two(bytes, from + 8);
  const hour = two(bytes, from + 11);
  const minute = two(bytes, from + 14);
  const second = two(bytes, from + 17);
  // Not in one comparison with the bounds turned round: NaN must be refused.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  if (day > (DAYS_OF_MONTH[month] as number) || (month === 2 && day === 29 && !isLeap(year))) return Number.NaN;
  let position = from + 19;
  let fraction = 0;
  if (bytes[position] === DOT) {
    const first = position + 1;
    for (position = first; position < to && isDigit(bytes[position] as number); position += 1) {
      if (position - first < 3) fraction = fraction * 10 + ((bytes[position] as number) - ZERO);
    }
    const digits = position - first;
    if (digits === 0 || digits > 9) return Number.NaN;
    for (let index = digits; index < 3; index += 1) fraction *= 10;
  }
  return daysOf(year, month, day) * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction - zoneMs(bytes, position, to);
}

/** Whether an instant that was read is written as `Date.toISOString` writes it. */
export function isCanonicalInstant(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === CANONICAL_LENGTH && bytes[to - 1] === LETTER_Z && bytes[from + 19] === DOT;
}

function isPunctuated(bytes: Uint8Array, from: number): boolean {
  return bytes[from + 4] === DASH && bytes[from + 7] === DASH && bytes[from + 10] === LETTER_T && bytes[from + 13] === COLON && bytes[from + 16] === COLON;
}

function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] as number;
  const ones = bytes[at + 1] as number;
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + (ones - ZERO) : Number.NaN;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01 in the Gregorian calendar (Hinnant, chrono-compatible low-level date algorithms). */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function zoneMs(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] === LETTER_Z) return at + 1 === to ? 0 : Number.NaN;
  const sign = bytes[at] === PLUS ? 1 : bytes[at] === DASH ? -1 : Number.NaN;
  if (at + 6 !== to || bytes[at + 3] !== COLON) return Number.NaN;
  const hours = two(bytes, at + 1);
  const minutes = two(bytes, at + 4);
  return hours <= 23 && minutes <= 59 ? sign * (hours * 3_600_000 + minutes * 60_000) : Number.NaN;
}
