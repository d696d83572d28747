import { binOfValue } from './column-tally.js';
import type { ColumnValue, PinnedColumn } from './window-profile.js';

/** Rows of a column by pinned bin (missing values last) with the sum of what belongs to them, a prediction or a loss. Windows add up. */
export interface SumsByBin {
  rows: number[];
  sums: number[];
}

/** Sums something of each row by the bins of every column, and keeps the name of one row per bin as an example. */
export class BinSums {
  private readonly sums: SumsByBin[];
  private readonly names: (string | undefined)[][];

  constructor(private readonly pinned: readonly PinnedColumn[]) {
    this.sums = pinned.map((column) => ({ rows: zeros(column), sums: zeros(column) }));
    this.names = pinned.map(() => []);
  }

  /** @param values in the order of the pinned columns */
  add(values: readonly ColumnValue[], amount: number, name?: string): void {
    this.pinned.forEach((column, i) => {
      const bin = binOfValue(column, values[i] ?? null);
      const own = this.sums[i];
      if (!own) return;
      own.rows[bin] = (own.rows[bin] ?? 0) + 1;
      own.sums[bin] = (own.sums[bin] ?? 0) + amount;
      const names = this.names[i];
      if (names && names[bin] === undefined) names[bin] = name;
    });
  }

  byColumn(): Record<string, SumsByBin> {
    return Object.fromEntries(this.pinned.flatMap(({ name }, i) => (this.sums[i] ? [[name, this.sums[i]]] : [])));
  }

  exampleOf(column: string, bin: number): string | null {
    return this.names[this.pinned.findIndex(({ name }) => name === column)]?.[bin] ?? null;
  }
}

export function addSums(parts: readonly SumsByBin[]): SumsByBin {
  const bins = Math.max(0, ...parts.map(({ rows }) => rows.length));
  const over = (of: (part: SumsByBin) => number[]): number[] => Array.from({ length: bins }, (_, bin) => parts.reduce((sum, part) => sum + (of(part)[bin] ?? 0), 0));
  return { rows: over(({ rows }) => rows), sums: over(({ sums }) => sums) };
}

/** What lies in a bin, for a person: `12 to 30`, `ATL`, `others`, `missing`. */
export function nameOfBin(column: PinnedColumn, bin: number): string {
  if (column.kind === 'category') return column.categories[bin] ?? (bin === column.categories.length ? 'others' : 'missing');
  if (bin > column.edges.length) return 'missing';
  const [low, high] = [column.edges[bin - 1], column.edges[bin]];
  if (low === undefined) return high === undefined ? 'all' : `below ${short(high)}`;
  return high === undefined ? `from ${short(low)}` : short(low) === short(high) ? short(low) : `${short(low)} to ${short(high)}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function zeros(column: PinnedColumn): number[] {
  return new Array<number>(2 + (column.kind === 'numeric' ? column.edges.length : column.categories.length)).fill(0);
}
