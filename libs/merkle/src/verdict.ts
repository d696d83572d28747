/** What a verification answers. A refusal is an outcome, not an error: `because` names the rule that did not hold. */
export type Verdict<Facts = unknown> = ({ readonly valid: true } & Facts) | Refusal;

export interface Refusal {
  readonly valid: false;
  readonly because: string;
}

/** A refusal with its reason. */
export function refused(because: string): Refusal {
  return { valid: false, because };
}
