import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';

/** A sign that the data broke, as opposed to the world having changed. */
export interface IncidentSign {
  sign: 'unit-jump' | 'burst-of-nulls' | 'burst-of-new-categories' | 'constant-column' | 'swapped-columns' | 'source-stopped' | 'source-late' | 'repeated-rows' | 'producer-changed';
  /** Null when the whole source is meant. */
  column: string | null;
  factor?: number;
  /** Where in the window it can be seen: from there on, or until there. */
  began: string;
  ended: string;
  finding: Finding;
}

/** A sign before it is known where in its window it can be seen. */
export type Sign = Omit<IncidentSign, 'began' | 'ended'>;

/** What of the windows before matters here. */
export interface WindowBefore {
  rows: number;
  repeated: number;
  verdict: string;
}

export function signOf(sign: IncidentSign['sign'], column: string | null, measured: number, bound: number, rows: number, detail: string): Sign {
  return { sign, column, finding: { check: sign, passed: false, measured: finiteOrNull(measured), bound: finiteOrNull(bound), rows, detail } };
}
