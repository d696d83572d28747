const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds since 1970 of an instant: ISO 8601 text with its zone, a Date or milliseconds; undefined for anything else. Parts of a millisecond are cut off. */
export function instantMsOf(value: unknown): number | undefined {
  const instantMs = typeof value === 'string' ? (ISO_INSTANT.test(value) ? Date.parse(value) : Number.NaN) : value instanceof Date ? value.getTime() : value;
  return typeof instantMs === 'number' && Number.isFinite(instantMs) ? Math.floor(instantMs) : undefined;
}

/** Hour of the day, 0 to 23, UTC. */
export function hourOf(instantMs: number): number {
  return floorMod(Math.floor(instantMs / 3_600_000), 24);
}

/** Day of the week, 0 Sunday to 6 Saturday, UTC. 1 January 1970 was a Thursday. */
export function weekdayOf(instantMs: number): number {
  return floorMod(Math.floor(instantMs / 86_400_000) + 4, 7);
}

function floorMod(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
