import { createHash } from 'node:crypto';

/** The 64-bit number of a Postgres advisory lock, from the words that name it. */
export function lockNumber(...words: string[]): bigint {
  return createHash('sha256').update(words.join('\0')).digest().readBigInt64BE(0);
}
