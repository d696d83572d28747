/** One row of docs/benchmarks.md. */
export interface Figure {
  what: string;
  measured: string;
  /** What the same machine did in the same run without Millrace, or the goal. */
  beside: string;
  /** Of the two; empty where it would say nothing. */
  ratio: string;
}

/** Prints the figures of a script as the last line of its output, which `npm run bench` reads. */
export function report(figures: readonly Figure[]): void {
  console.log(JSON.stringify(figures));
}
