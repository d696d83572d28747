import fc from 'fast-check';
import { seededRandom } from '../statistics/seeded-random.js';
import type { GatePolicy } from './gate-policy.js';
import { judgeGate } from './judge-gate.js';
import { holdOutMetricsOf } from './hold-out-metrics.js';
import { pairedBlocksOf } from './paired-blocks.js';

const policy: GatePolicy = {
  loss: 'absolute-error',
  alpha: 0.05,
  tryNumber: 1,
  minimumBlocks: 3,
  minimumRows: 20,
  minimumGain: 0, gainShownIn: 'hold-out',
  referenceMargin: 0,
  method: { kind: 't' },
  absolute: [],
};

/** A hold-out in which the challenger's error is the champion's plus `worse` plus noise of its own. */
function judge(seed: number, worse: number): ReturnType<typeof judgeGate> {
  const random = seededRandom(seed);
  const labels = Array.from({ length: 140 }, () => 10 * random());
  const blocks = labels.map((_, row) => `day-${row % 7}`);
  const noise = labels.map(() => random());
  const champion = labels.map((label, row) => label + 1 + (noise[row] ?? 0));
  const challenger = labels.map((label, row) => label + 1 + (noise[row] ?? 0) + worse + 0.1 * (random() - 0.5));
  const metrics = { challenger: holdOutMetricsOf('regression', challenger, labels), champion: null };
  const scores = { kind: 'recent' as const, rows: 140, blocks: pairedBlocksOf('absolute-error', { blocks, labels, challenger, champion }), metrics };
  return judgeGate({ holdOuts: [scores], parity: { rows: 140, largestDifference: 0, passed: true }, parityTolerance: 1e-5 }, policy);
}

describe('the gate', () => {
  test('never calls a challenger better that loses on every row', () => {
    fc.assert(fc.property(fc.nat(), fc.double({ min: 0.06, max: 1, noNaN: true }), (seed, worse) => judge(seed, worse).verdict !== 'better'));
  });

  test('a larger gain never turns better into not better', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 0.4, noNaN: true }), fc.double({ min: 0, max: 0.4, noNaN: true }), (seed, gain, more) => {
        fc.pre(judge(seed, -gain).verdict === 'better');
        expect(judge(seed, -gain - more).verdict).toBe('better');
      }),
    );
  });

  test('calls equal models better no more often than alpha allows', () => {
    const better = Array.from({ length: 600 }, (_, seed) => judge(seed, 0)).filter(({ verdict }) => verdict === 'better').length;
    expect(better / 600).toBeLessThan(0.06);
  });
});
