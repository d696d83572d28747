import type { GateInput, GatePolicy, HoldOutScores } from './gate-policy.js';
import { alphaOfTry } from './alpha-ledger.js';
import { holdOutMetricsOf } from './hold-out-metrics.js';
import { gatePolicyOf } from './gate-policy-of.js';
import { judgeGate } from './judge-gate.js';
import { parityOf } from './judge-parity.js';
import { pairedBlocksOf } from './paired-blocks.js';

const policy: GatePolicy = {
  loss: 'log-loss',
  alpha: 0.1,
  tryNumber: 1,
  minimumBlocks: 3,
  minimumRows: 50,
  minimumGain: 0,
  gainShownIn: 'hold-out',
  referenceMargin: 0.02,
  method: { kind: 't' },
  absolute: [{ metric: 'roc-auc', atLeast: 0.6 }],
};

const days = ['2001-02-01', '2001-02-02', '2001-02-03', '2001-02-04', '2001-02-05'];
const blocks = Array.from({ length: 200 }, (_, row) => days[row % 5] ?? '');
const labels = blocks.map((_, row) => (row % 3 === 0 ? 1 : 0));
const sharp = labels.map((label, row) => (label ? 0.8 : 0.1) + (row % 7) / 100);
const dull = labels.map((label, row) => (label ? 0.55 : 0.35) + (row % 11) / 100);
const constant = labels.map(() => 1 / 3);

function holdOut(kind: 'recent' | 'reference', challenger: number[], champion: number[] | null): HoldOutScores {
  return {
    kind,
    rows: labels.length,
    blocks: pairedBlocksOf('log-loss', { blocks, labels, challenger, champion }),
    metrics: {
      challenger: holdOutMetricsOf('binary-classification', challenger, labels),
      champion: champion && holdOutMetricsOf('binary-classification', champion, labels),
    },
  };
}

function input(...holdOuts: HoldOutScores[]): GateInput {
  return { holdOuts, parity: parityOf(sharp, sharp, 1e-5), parityTolerance: 1e-5 };
}

describe('the gate of a first version', () => {
  test('lets pass what keeps the absolute bounds and beats the best constant', () => {
    const judgement = judgeGate(input(holdOut('recent', sharp, null)), policy);
    expect(judgement).toMatchObject({ verdict: 'better', alphaSpent: 0 });
  });

  test('refuses a constant model whatever its training code logged', () => {
    const { verdict, because } = judgeGate(input(holdOut('recent', constant, null)), policy);
    expect(verdict).toBe('gate-failed');
    expect(because.filter((finding) => !finding.passed).map((finding) => finding.check)).toEqual(['roc-auc', 'better-than-the-best-constant']);
  });

  test('cannot say on too few rows', () => {
    expect(judgeGate(input(holdOut('recent', sharp, null)), { ...policy, minimumRows: 201 }).verdict).toBe('cannot-say');
  });

  test('refuses a served file that answers otherwise than the trainer', () => {
    const wrong = { ...input(holdOut('recent', sharp, null)), parity: parityOf(sharp, dull, 1e-5) };
    expect(judgeGate(wrong, policy).verdict).toBe('gate-failed');
  });

  test('treats a metric that was not computed as a failed gate', () => {
    const { verdict, because } = judgeGate(input(holdOut('recent', sharp, null)), { ...policy, absolute: [{ metric: 'f-one', atLeast: 0 }] });
    expect(verdict).toBe('gate-failed');
    expect(because).toContainEqual(expect.objectContaining({ check: 'f-one', measured: null, passed: false }));
  });
});

describe('the gate of a challenger', () => {
  test('calls it better when it gains on the recent and keeps the reference hold-out', () => {
    const { verdict, because } = judgeGate(input(holdOut('recent', sharp, dull), holdOut('reference', sharp, dull)), policy);
    expect(verdict).toBe('better');
    expect(because.find((finding) => finding.check === 'gain-on-recent-hold-out')).toMatchObject({ blocks: 5, rows: 200, bound: 0 });
  });

  test('keeps the champion when the two are the same', () => {
    expect(judgeGate(input(holdOut('recent', sharp, sharp), holdOut('reference', sharp, sharp)), policy).verdict).toBe('not-better');
  });

  test('keeps the champion when the reference hold-out loses more than allowed', () => {
    const { verdict, because } = judgeGate(input(holdOut('recent', sharp, dull), holdOut('reference', dull, sharp)), policy);
    expect(verdict).toBe('not-better');
    expect(because.at(-1)).toMatchObject({ check: 'non-inferior-on-reference-hold-out', passed: false, bound: -0.02 });
  });

  test('cannot say with fewer blocks than asked for, however many rows', () => {
    const judgement = judgeGate(input(holdOut('recent', sharp, dull)), { ...policy, minimumBlocks: 6 });
    expect(judgement.verdict).toBe('cannot-say');
  });

  test('comes to the same verdict by bootstrap of days', () => {
    const bootstrap = { ...policy, method: { kind: 'bootstrap', resamples: 500, seed: 3 } } as const;
    expect(judgeGate(input(holdOut('recent', sharp, dull)), bootstrap).verdict).toBe('better');
    expect(judgeGate(input(holdOut('recent', dull, sharp)), bootstrap).verdict).toBe('not-better');
  });

  test('spends less alpha on every further try, and never more than declared in all', () => {
    const spent = Array.from({ length: 1000 }, (_, i) => alphaOfTry(0.1, i + 1));
    expect(spent[1]).toBeLessThan(spent[0] ?? 0);
    expect(spent.reduce((a, b) => a + b, 0)).toBeLessThan(0.1);
    expect(judgeGate(input(holdOut('recent', sharp, dull)), { ...policy, tryNumber: 4 }).alphaSpent).toBeCloseTo(alphaOfTry(0.1, 4), 15);
  });
});

describe('the gate of a challenger whose gain is shown in shadow', () => {
  const inShadow: GatePolicy = { ...policy, gainShownIn: 'shadow' };

  test('lets pass what gains nothing yet, and spends no alpha on it', () => {
    const judgement = judgeGate(input(holdOut('recent', sharp, sharp)), inShadow);
    expect(judgement).toMatchObject({ verdict: 'better', alphaSpent: 0 });
    expect(judgement.because.at(-1)).toMatchObject({ check: 'not-surely-worse-on-recent-hold-out', passed: true });
  });

  test('refuses what is surely worse, what breaks an absolute bound, and what loses on the reference hold-out', () => {
    expect(judgeGate(input(holdOut('recent', dull, sharp)), inShadow).verdict).toBe('not-better');
    expect(judgeGate(input(holdOut('recent', dull, dull)), { ...inShadow, absolute: [{ metric: 'log-loss', atMost: 0.1 }] }).verdict).toBe('gate-failed');
    expect(judgeGate(input(holdOut('recent', sharp, sharp), holdOut('reference', dull, sharp)), inShadow).verdict).toBe('not-better');
  });

  test('holds a first version against the best constant, and a later one against its champion alone', () => {
    const unbounded = { ...inShadow, absolute: [] };
    expect(judgeGate(input(holdOut('recent', constant, null)), unbounded).verdict).toBe('gate-failed');
    expect(judgeGate(input(holdOut('recent', constant, constant)), unbounded).verdict).toBe('better');
  });

  test('judges a hold-out of a few hours, which has no blocks to compare', () => {
    const hours = holdOut('recent', sharp, dull);
    expect(judgeGate(input({ ...hours, blocks: hours.blocks.slice(0, 1) }), inShadow).verdict).toBe('better');
  });
});

describe('the policy of a gate', () => {
  test('comes from the pipeline with one bound per metric', () => {
    const definition = { metric: 'log-loss', gates: { minimum: { 'roc-auc': 0.6 }, maximum: { brier: 0.2 }, gain: { alpha: 0.05 }, referenceLoss: 0.01 } } as const;
    expect(gatePolicyOf(definition, 2)).toMatchObject({
      loss: 'log-loss',
      alpha: 0.05,
      tryNumber: 2,
      referenceMargin: 0.01,
      absolute: [{ metric: 'roc-auc', atLeast: 0.6 }, { metric: 'brier', atMost: 0.2 }],
    });
  });
});

describe('metrics of a hold-out', () => {
  test('leave out what is not defined on these rows', () => {
    expect(holdOutMetricsOf('binary-classification', [0.1, 0.2], [1, 1])).not.toHaveProperty('roc-auc');
  });

  test('judge a regression by absolute errors against the median', () => {
    const metrics = holdOutMetricsOf('regression', [1, 2, 4], [1, 2, 9]);
    expect(metrics).toMatchObject({ 'absolute-error': 5 / 3, 'constant-absolute-error': 8 / 3, 'mean-label': 4 });
  });
});
