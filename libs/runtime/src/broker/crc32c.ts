const POLYNOMIAL = 0x82f63b78;
const STEP = 8;

const entries = 256;

/** One table of 256 entries per byte of a step, one behind the other (Kounavis and Berry, slicing-by-8). */
const tables = tablesOf();

/** CRC-32C (Castagnoli) of bytes, as Kafka's record batches carry it. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const table = tables;
  const whole = from + Math.floor((to - from) / STEP) * STEP;
  let crc = -1;
  let position = from;
  for (; position < whole; position += STEP) {
    const low = crc ^ ((bytes[position] as number) | ((bytes[position + 1] as number) << 8) | ((bytes[position + 2] as number) << 16) | ((bytes[position + 3] as number) << 24));
    crc =
      (table[1792 + (low & 255)] as number) ^
      (table[1536 + ((low >>> 8) & 255)] as number) ^
      (table[1280 + ((low >>> 16) & 255)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (bytes[position + 4] as number)] as number) ^
      (table[512 + (bytes[position + 5] as number)] as number) ^
      (table[256 + (bytes[position + 6] as number)] as number) ^
      (table[bytes[position + 7] as number] as number);
  }
  for (; position < to; position += 1) crc = (table[(crc ^ (bytes[position] as number)) & 255] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function tablesOf(): Int32Array {
  const all = new Int32Array(STEP * entries);
  for (let index = 0; index < entries; index += 1) {
    let crc = index;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[index] = crc;
  }
  for (let index = entries; index < all.length; index += 1) {
    const before = all[index - entries] as number;
    all[index] = (all[before & 255] as number) ^ (before >>> 8);
  }
  return all;
}
