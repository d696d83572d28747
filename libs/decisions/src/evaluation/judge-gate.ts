import type { Finding } from './finding.js';
import type { GateInput, GatePolicy, GateVerdict, HoldOutScores } from './gate-policy.js';
import { alphaOfTry } from './alpha-ledger.js';
import { finiteOrNull } from './finding.js';
import { compareLosses, notSurelyWorse } from './compare-losses.js';
import { judgeAbsoluteGates } from './judge-absolute-gates.js';
import { judgeParity } from './judge-parity.js';

export interface GateJudgement {
  verdict: GateVerdict;
  because: Finding[];
  /** What this try spends from the alpha ledger; 0 when nothing was compared. */
  alphaSpent: number;
}

/**
 * Judges a challenger on sealed hold-outs. A first version (no champion) is held against the absolute gates and the best
 * constant alone. A later one must also gain on the recent hold-out, by paired blocks, and not lose more than the margin on
 * the pinned reference one. Too few blocks or rows is `cannot-say`, which is never better. Where the gain is shown in shadow, `better` only
 * means that nothing speaks against showing it, and no alpha is spent: then the champion alone is the bar, for on a few hours good models lose to a constant that
 * knows them.
 */
export function judgeGate(input: GateInput, policy: GatePolicy): GateJudgement {
  const recent = input.holdOuts.find((holdOut) => holdOut.kind === 'recent');
  if (!recent) return { verdict: 'cannot-say', because: [missingHoldOut()], alphaSpent: 0 };
  const first = recent.blocks.every((block) => block.championLoss === null);
  const gates = [
    judgeParity(input.parity, input.parityTolerance),
    enough('rows-of-recent-hold-out', recent.rows, policy.minimumRows),
    ...judgeAbsoluteGates(recent, policy, first || policy.gainShownIn !== 'shadow'),
  ];
  const tooThin = recent.rows < policy.minimumRows;
  if (first) return { verdict: verdictOf(gates, tooThin), because: gates, alphaSpent: 0 };
  return judgeAgainstChampion(input, policy, recent, gates);
}

function judgeAgainstChampion(input: GateInput, policy: GatePolicy, recent: HoldOutScores, gates: Finding[]): GateJudgement {
  const inShadow = policy.gainShownIn === 'shadow';
  const alpha = inShadow ? policy.alpha : alphaOfTry(policy.alpha, policy.tryNumber);
  const reference = input.holdOuts.find((holdOut) => holdOut.kind === 'reference');
  const gain = inShadow ? notSurelyWorse(recent.blocks, policy) : compareLosses(recent.blocks, { ...policy, alpha, check: 'gain-on-recent-hold-out', bound: policy.minimumGain });
  const kept = reference
    ? [compareLosses(reference.blocks, { ...policy, alpha, check: 'non-inferior-on-reference-hold-out', bound: -policy.referenceMargin })]
    : [];
  const comparisons = [gain, ...kept];
  const because = [...gates, ...comparisons.map((comparison) => comparison.finding)];
  const tooThin = recent.rows < policy.minimumRows || comparisons.some((comparison) => comparison.tooThin);
  const absolute = verdictOf(gates, tooThin);
  if (absolute !== 'better') return { verdict: absolute, because, alphaSpent: inShadow ? 0 : alpha };
  return { verdict: comparisons.every(({ finding }) => finding.passed) ? 'better' : 'not-better', because, alphaSpent: inShadow ? 0 : alpha };
}

/** A failed absolute gate is known even from thin data; only then does thinness decide. */
function verdictOf(gates: readonly Finding[], tooThin: boolean): GateVerdict {
  const failed = gates.filter((gate) => !gate.passed && gate.check !== 'rows-of-recent-hold-out');
  if (failed.length > 0) return 'gate-failed';
  return tooThin ? 'cannot-say' : 'better';
}

function enough(check: string, measured: number, bound: number): Finding {
  return { check, passed: measured >= bound, measured: finiteOrNull(measured), bound, rows: measured };
}

function missingHoldOut(): Finding {
  return { check: 'rows-of-recent-hold-out', passed: false, measured: 0, bound: null, detail: 'There is no recent hold-out to judge on' };
}
