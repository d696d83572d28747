import type { Finding } from './finding.js';
import { finiteOrNull, readable } from './finding.js';
import type { AbsoluteGate, GatePolicy, HoldOutScores } from './gate-policy.js';

/** The declared bounds on metrics, and the one that always stands: better than the best constant prediction. */
export function judgeAbsoluteGates(holdOut: HoldOutScores, policy: Pick<GatePolicy, 'absolute' | 'loss'>): Finding[] {
  const metrics = holdOut.metrics.challenger;
  const loss = metrics[policy.loss];
  const constant = metrics[`constant-${policy.loss}`];
  return [
    ...policy.absolute.map((gate) => judgeMetric(gate, metrics[gate.metric], holdOut.rows)),
    {
      check: 'better-than-the-best-constant',
      passed: loss !== undefined && constant !== undefined && loss < constant,
      measured: finiteOrNull(loss),
      bound: finiteOrNull(constant),
      rows: holdOut.rows,
      detail: `${policy.loss} against that of the best prediction that ignores the inputs`,
    },
  ];
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
