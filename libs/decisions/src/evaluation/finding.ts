/**
 * One thing that a decision looked at: what was measured, the bound it was held against, and whether it held.
 * Travels in events as `because`. `measured` and `bound` are null where the data were too thin to compute them.
 */
export interface Finding {
  check: string;
  passed: boolean;
  measured?: number | string | null;
  bound?: number | string | null;
  detail?: string;
  blocks?: number;
  rows?: number;
}

/** A number as it may stand in an event: JSON has no NaN and no infinity. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** A number as a person reads it in a finding's detail: four significant digits. */
export function readable(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'unknown';
}

/** Whether there is as much as is needed. */
export function atLeast(check: string, measured: number, bound: number): Finding {
  return { check, passed: measured >= bound, measured, bound };
}
