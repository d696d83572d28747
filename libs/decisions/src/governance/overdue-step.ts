import type { Finding } from '../evaluation/finding.js';

/** A step that has not come, as governance keeps it. Times in milliseconds since 1970. */
export interface OpenStep {
  readonly after: string;
  readonly expects: readonly string[];
  readonly sinceMs: number;
  readonly dueMs: number;
}

/** Why a cascade is stalled: what should have followed, how long it was waited for and how long it may take. Empty while the step is in time. */
export function overdueFindings(step: OpenStep, nowMs: number): Finding[] {
  if (nowMs < step.dueMs) return [];
  const names = step.expects.map((type) => type.replace(/^millrace\.|\.v\d+$/g, '')).join(' or ');
  const measured = nowMs - step.sinceMs;
  const bound = step.dueMs - step.sinceMs;
  return [{ check: 'step-in-time', passed: false, measured, bound, detail: `No ${names} within ${bound} ms of ${step.after}` }];
}
