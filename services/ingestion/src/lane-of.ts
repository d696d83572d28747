/** The lane that reads a data set, the same in every process: FNV-1a of its id over the number of lanes. */
export function laneOf(dataSet: string, lanes: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(dataSet)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % lanes;
}
