/** A value as it was served and as the offline join makes it for the same key and time. */
export interface ServedValue {
  feature: string;
  served: number | string | boolean | null;
  /** Undefined: the offline join has no such row. */
  offline: number | string | boolean | null | undefined;
}

/** How far what was served is what the model would be trained on. */
export interface ServedAgreement {
  feature: string;
  /** Served values for which the offline join has a row. */
  compared: number;
  reproduced: number;
  /** Served values without an offline row: nothing is known of them. */
  unknown: number;
}

/** Served models take 32-bit floats, sums differ in their last digits. */
const TOLERANCE = 1e-6;

/** By feature, how many served values the offline join reproduces. */
export function agreementOf(values: Iterable<ServedValue>): ServedAgreement[] {
  const byFeature = new Map<string, ServedAgreement>();
  for (const { feature, served, offline } of values) {
    const agreement = byFeature.get(feature) ?? { feature, compared: 0, reproduced: 0, unknown: 0 };
    byFeature.set(feature, agreement);
    if (offline === undefined) agreement.unknown += 1;
    else {
      agreement.compared += 1;
      if (isSame(served, offline)) agreement.reproduced += 1;
    }
  }
  return [...byFeature.values()];
}

/** Share of all served values that the offline join reproduces; null when none could be compared. */
export function reproducedShareOf(agreements: readonly ServedAgreement[]): number | null {
  const compared = agreements.reduce((sum, agreement) => sum + agreement.compared, 0);
  return compared === 0 ? null : agreements.reduce((sum, { reproduced }) => sum + reproduced, 0) / compared;
}

function isSame(served: ServedValue['served'], offline: ServedValue['served']): boolean {
  const [a, b] = [served, offline].map((value) => (typeof value === 'boolean' ? Number(value) : value));
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b)) || Object.is(a, b);
  return a === b;
}
