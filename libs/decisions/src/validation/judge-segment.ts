import type { Profile, SegmentCheck } from '@millrace/contracts';
import { finiteOrNull } from '../evaluation/finding.js';
import type { Finding } from '../evaluation/finding.js';

/** Measures of a segment that a profile does not hold. */
export interface SegmentMeasures {
  profile: Profile;
  /** Share (0 to 1) of rows whose value stands in an earlier row of the segment, for the columns that a check asks for. */
  duplicateShares: Readonly<Record<string, number>>;
}

export interface SegmentDecision {
  accepted: boolean;
  /** One finding per check, warnings included. */
  checks: Finding[];
}

/** Holds a segment against its data set's checks. A check that cannot be measured (no rows, no numbers) counts as passed: there is nothing wrong in it. */
export function judgeSegment(measures: SegmentMeasures, checks: readonly SegmentCheck[]): SegmentDecision {
  const findings = checks.map((check) => ({ check, finding: findingOf(check, measures) }));
  const accepted = findings.every(({ check, finding }) => finding.passed || check.failure === 'warn');
  return { accepted, checks: findings.map(({ finding }) => finding) };
}

function findingOf(check: SegmentCheck, measures: SegmentMeasures): Finding {
  const measured = measuredOf(check, measures);
  const passed = measured === null || ((check.from === null || measured >= check.from) && (check.to === null || measured <= check.to));
  const name = check.column === null ? check.measure : `${check.measure}(${check.column})`;
  const bound = `${check.from ?? '…'} to ${check.to ?? '…'}`;
  const detail = measured === null ? `${name} cannot be measured in ${measures.profile.rows} rows` : `${name} is ${Number(measured.toPrecision(6))}, allowed is ${bound}${passed || check.failure === 'reject' ? '' : ' (a warning)'}`;
  return { check: name, passed, measured: measured === null ? null : finiteOrNull(measured), bound, detail, rows: measures.profile.rows };
}

function measuredOf({ measure, column }: SegmentCheck, { profile, duplicateShares }: SegmentMeasures): number | null {
  if (measure === 'rows') return profile.rows;
  const found = column === null ? undefined : profile.columns[column];
  if (!found || column === null || profile.rows === 0) return null;
  if (measure === 'nullShare') return found.nulls / profile.rows;
  if (measure === 'mean') return found.mean ?? null;
  if (measure === 'distinct') return found.distinct;
  return duplicateShares[column] ?? null;
}
