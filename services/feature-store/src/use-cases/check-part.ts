import type { Finding, Pipeline } from '@millrace/contracts';

const MOST_TILES = 1440;

/** What feature-store looks at before it accepts a pipeline: each aggregate must stay cheap to read. */
export function checkPart(definition: Pipeline): Finding[] {
  const aggregates = definition.features.flatMap((feature) => (feature.kind === 'aggregate' ? [feature] : []));
  const tiles = aggregates.map(({ name, windowMs, everyMs }) => ({
    check: 'tiles-per-value',
    passed: windowMs / everyMs <= MOST_TILES && windowMs % everyMs === 0,
    measured: windowMs / everyMs,
    bound: MOST_TILES,
    detail: `Feature ${name}`,
  }));
  return [{ check: 'features', passed: definition.features.length > 0, measured: definition.features.length, bound: 1 }, ...tiles];
}
