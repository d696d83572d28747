import canonicalize from 'canonicalize';
import { malformed } from './malformed.js';

/**
 * The one text that a JSON value has under RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript prints them, no white space.
 * Throws `invalid-proof` for what is not JSON: NaN, infinities, lone surrogates, circles, undefined.
 */
export function canonicalJson(value: unknown): string {
  const text = attempt(value);
  if (text === undefined) throw malformed('This value has no JSON form');
  return text;
}

function attempt(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch (error) {
    throw malformed(`This value has no canonical JSON form: ${error instanceof Error ? error.message : String(error)}`);
  }
}
