import type { Measure, MeasureKind, ServedAgreement } from '@millrace/decisions';
import { reproducedShareOf } from '@millrace/decisions';

/** What a version served in a window. */
export interface ServedTrafficOfWindow {
  rows: number;
  errors: number;
  unusableScores: number;
  latencyP50Ms: number | null;
  latencyP99Ms: number | null;
  /** Rows without a value, by feature. */
  missing: Record<string, number>;
}

/** Age of what a data set's features could know: 99 of 100 predictions had something newer. */
export interface SourceAge {
  dataSet: string;
  rows: number;
  p99Ms: number | null;
}

/** A metric of the business over a window's records. */
export interface BusinessValue {
  name: string;
  bad: Measure['bad'];
  value: number | null;
  rows: number;
}

export interface ServingEvidence {
  traffic: ServedTrafficOfWindow | null;
  agreements: ServedAgreement[];
  ages: SourceAge[];
  business: BusinessValue[];
}

/** What is watched of serving, as one number each: latency, errors, throughput, data quality, skew, freshness, business. */
export function servingMeasuresOf({ traffic, agreements, ages, business }: ServingEvidence, limits: Readonly<Record<string, number>>): Measure[] {
  const measure = (name: string, kind: MeasureKind, bad: Measure['bad'], value: number | null, rows: number): Measure => ({ name, kind, bad, value, rows, limit: limits[name] ?? null });
  const rows = traffic?.rows ?? 0;
  const share = (count: number): number | null => (rows === 0 ? null : count / rows);
  const compared = agreements.reduce((sum, agreement) => sum + agreement.compared, 0);
  const least = agreements.map((each) => ({ name: each.feature, share: reproducedShareOf([each]) })).filter((each) => each.share !== null);
  return [
    measure('latency-p50-ms', 'serving', 'higher', traffic?.latencyP50Ms ?? null, rows),
    measure('latency-p99-ms', 'serving', 'higher', traffic?.latencyP99Ms ?? null, rows),
    measure('error-share', 'serving', 'higher', share(traffic?.errors ?? 0), rows),
    measure('predictions', 'serving', 'both', traffic === null ? null : rows, rows),
    measure('unusable-score-share', 'data-quality', 'higher', share(traffic?.unusableScores ?? 0), rows),
    ...Object.entries(traffic?.missing ?? {}).map(([feature, count]) => measure(`missing-share-of-${feature}`, 'data-quality', 'higher', share(count), rows)),
    measure('reproduced-share', 'data-quality', 'lower', reproducedShareOf(agreements), compared),
    ...least.map(({ name, share: reproduced }) => measure(`reproduced-share-of-${name}`, 'data-quality', 'lower', reproduced, compared)),
    ...ages.map(({ dataSet, p99Ms, rows: asked }) => measure(`age-of-${dataSet.split('/')[1] ?? dataSet}-p99-ms`, 'data-quality', 'higher', p99Ms, asked)),
    ...business.map(({ name, bad, value, rows: records }) => measure(name, 'business', bad, value, records)),
  ];
}
