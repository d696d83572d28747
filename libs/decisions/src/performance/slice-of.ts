/** How the rows of a column are put into slices; pinned by the reference so that slices mean the same in every window. */
export type Slicing = { column: string; kind: 'category'; categories: readonly string[] } | { column: string; kind: 'numeric'; edges: readonly number[] };

const MISSING = 'missing';
const OTHERS = 'others';

/** Name of the slice to which a value belongs: a category, `others`, an interval such as `[3, 7)`, or `missing`. */
export function sliceOf(slicing: Slicing, value: number | string | boolean | null): string {
  if (value === null) return MISSING;
  if (slicing.kind === 'category') return slicing.categories.includes(String(value)) ? String(value) : OTHERS;
  const number = Number(value);
  if (!Number.isFinite(number)) return MISSING;
  const above = slicing.edges.findIndex((edge) => number < edge);
  const [from, to] = above < 0 ? [slicing.edges.at(-1), undefined] : [slicing.edges[above - 1], slicing.edges[above]];
  return from === undefined && to === undefined ? 'all' : from === undefined ? `< ${to}` : to === undefined ? `>= ${from}` : `[${from}, ${to})`;
}

/** The most frequent categories, or quarters of a numeric column; deterministic in the values alone. */
export function slicingOf(column: string, values: readonly (number | string | boolean | null)[], kind: Slicing['kind'], most = 20): Slicing {
  const known = values.filter((value) => value !== null);
  if (kind === 'category') {
    const counts = new Map<string, number>();
    for (const value of known) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    const categories = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, most);
    return { column, kind, categories: categories.map(([category]) => category) };
  }
  const sorted = known.map(Number).filter(Number.isFinite).sort((a, b) => a - b);
  const edges = [1, 2, 3].flatMap((quarter) => sorted[Math.floor((quarter * sorted.length) / 4)] ?? []);
  return { column, kind, edges: [...new Set(edges)] };
}
