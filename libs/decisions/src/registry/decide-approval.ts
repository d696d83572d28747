import { MillraceError } from '@millrace/contracts';
import type { Finding } from '@millrace/contracts';

/** A person's wish to approve a version that waits. */
export interface ApprovalRequest {
  actor: string;
  note: string;
  stage: string;
  /** Whether another person than those below must approve. */
  secondPerson: boolean;
  /** Who caused the run, and who applied the pipeline version it ran under. */
  involved: readonly string[];
}

/**
 * Whether a person may approve. Errors: `not-awaiting-approval`, `second-person-required`.
 * @returns what goes into the event beside the gates' findings
 */
export function decideApproval({ actor, note, stage, secondPerson, involved }: ApprovalRequest): Finding[] {
  if (stage !== 'awaiting-approval') throw new MillraceError('not-awaiting-approval', `The version is ${stage}`, { stage });
  if (secondPerson && involved.includes(actor)) throw new MillraceError('second-person-required', `${actor} asked for this version or applied its pipeline`);
  const detail = note === '' ? `Approved by ${actor}` : `Approved by ${actor}: ${note}`;
  const second: Finding = { check: 'second-person', passed: true, measured: actor, detail: `${actor} did not ask for this version` };
  return [...(secondPerson ? [second] : []), { check: 'approved-by-a-person', passed: true, measured: actor, detail }];
}
