import type { Finding } from './finding.js';
import { finiteOrNull, readable } from './finding.js';
import type { AbsoluteGate, GatePolicy, HoldOutScores } from './gate-policy.js';

/** Rounding alone must not make a constant model better than a constant. */
const SMALLEST_GAIN_RATIO = 1e-6;

/** The declared bounds on metrics, and one that need not be declared: better than the best constant prediction. */
export function judgeAbsoluteGates(holdOut: HoldOutScores, policy: Pick<GatePolicy, 'absolute' | 'loss'>, againstConstant: boolean): Finding[] {
  const declared = policy.absolute.map((gate) => judgeMetric(gate, holdOut.metrics.challenger[gate.metric], holdOut.rows));
  return againstConstant ? [...declared, judgeAgainstConstant(holdOut, policy)] : declared;
}

/** Both are taken in hindsight of the hold-out's general level, which may differ from that of training without any fault of the model. */
function judgeAgainstConstant(holdOut: HoldOutScores, policy: Pick<GatePolicy, 'loss'>): Finding {
  const metrics = holdOut.metrics.challenger;
  const loss = metrics[`level-corrected-${policy.loss}`] ?? metrics[policy.loss];
  const constant = metrics[`constant-${policy.loss}`];
  return {
    check: 'better-than-the-best-constant',
    passed: loss !== undefined && constant !== undefined && loss < constant * (1 - SMALLEST_GAIN_RATIO),
    measured: finiteOrNull(loss),
    bound: finiteOrNull(constant),
    rows: holdOut.rows,
    detail: `${policy.loss}, apart from the general level, against that of the best prediction that ignores the inputs`,
  };
}

function judgeMetric(gate: AbsoluteGate, measured: number | undefined, rows: number): Finding {
  const bounds = [gate.atLeast === undefined ? '' : `at least ${readable(gate.atLeast)}`, gate.atMost === undefined ? '' : `at most ${readable(gate.atMost)}`];
  const passed =
    measured !== undefined && Number.isFinite(measured) && measured >= (gate.atLeast ?? -Infinity) && measured <= (gate.atMost ?? Infinity);
  return {
    check: gate.metric,
    passed,
    measured: finiteOrNull(measured),
    bound: gate.atLeast ?? gate.atMost ?? null,
    rows,
    detail: measured === undefined ? `${gate.metric} was not computed` : `${gate.metric} must be ${bounds.filter(Boolean).join(' and ')}`,
  };
}
