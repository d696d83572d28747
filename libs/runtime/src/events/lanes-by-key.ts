/** Records of a partition split into lanes: one per key, each in the order of the partition; the lanes in order of their first record. */
export function lanesByKey<R extends { key: string | null }>(records: readonly R[]): R[][] {
  const lanes = new Map<string | null, R[]>();
  for (const record of records) {
    const lane = lanes.get(record.key);
    if (lane) lane.push(record);
    else lanes.set(record.key, [record]);
  }
  return [...lanes.values()];
}
