import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;
let fill: (bytes: Buffer) => unknown = randomFillSync;

/** Takes the random bits from elsewhere: a simulation needs the same ids for the same seed. */
export function drawIdsFrom(source: (bytes: Buffer) => unknown = randomFillSync): void {
  fill = source;
  used = pool.length;
}

/** A UUID of version 7 (RFC 9562): milliseconds since 1970, then random bits. Ids made later sort later, to the millisecond. */
export function uuidV7(nowMs: number): string {
  if (used + 10 > pool.length) {
    fill(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + 10);
  used += 10;
  random[0] = (random.readUInt8(0) & 0x0f) | 0x70;
  random[2] = (random.readUInt8(2) & 0x3f) | 0x80;
  const time = nowMs.toString(16).padStart(12, '0');
  const hex = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}
