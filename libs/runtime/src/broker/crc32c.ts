const POLYNOMIAL = 0x82f63b78;
const STEP = 8;

/** One table of 256 entries per byte of a step (Kounavis and Berry, slicing-by-8). */
const tables = tablesOf();

/** CRC-32C (Castagnoli) of bytes, as Kafka's record batches carry it. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const whole = from + Math.floor((to - from) / STEP) * STEP;
  let crc = -1;
  let position = from;
  for (; position < whole; position += STEP) {
    const low = crc ^ (at(bytes, position) | (at(bytes, position + 1) << 8) | (at(bytes, position + 2) << 16) | (at(bytes, position + 3) << 24));
    crc =
      at(t7, low & 255) ^ at(t6, (low >>> 8) & 255) ^ at(t5, (low >>> 16) & 255) ^ at(t4, low >>> 24) ^
      at(t3, at(bytes, position + 4)) ^ at(t2, at(bytes, position + 5)) ^ at(t1, at(bytes, position + 6)) ^ at(t0, at(bytes, position + 7));
  }
  for (; position < to; position += 1) crc = at(t0, (crc ^ at(bytes, position)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function at(list: Uint8Array | Int32Array, index: number): number {
  return list[index] as number;
}

function tablesOf(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let step = 1; step < STEP; step += 1) all.push((all[step - 1] as Int32Array).map((crc) => at(first, crc & 255) ^ (crc >>> 8)));
  return all;
}
