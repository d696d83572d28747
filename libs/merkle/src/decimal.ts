import { malformed } from './malformed.js';

/** Reads a decimal without sign, leading zeros or loss of precision; anything else throws `invalid-proof` naming `what`. */
export function parseDecimal(text: string, what: string): number {
  const value = /^(0|[1-9][0-9]*)$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw malformed(`${what} is not a decimal number: ${text.slice(0, 80)}`);
  return value;
}
