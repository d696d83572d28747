import type { PairedBlock } from '../evaluation/paired-blocks.js';
import { decideCanary, decideShadow } from './decide-analysis.js';

const policy = { predictions: 300, minimumBlocks: 3, margin: 0.02, alpha: 0.05 };
const pairs = (...gains: number[]): PairedBlock[] =>
  gains.map((gain, i) => ({ block: `2001-02-0${i + 1}`, rows: 100, championLoss: 0.5, challengerLoss: 0.5 - gain, meanSquaredGain: 0.04 }));

describe('the analysis of a shadow', () => {
  test('passes a version that is not worse by more than the margin', () => {
    expect(decideShadow(pairs(0.01, 0.02, 0, 0.01), policy)).toMatchObject({ verdict: 'pass', predictions: 400, blocks: 4 });
  });

  test('fails a version that is worse beyond the margin on every day', () => {
    expect(decideShadow(pairs(-0.1, -0.12, -0.09, -0.11), policy).verdict).toBe('fail');
  });

  test('is inconclusive when days disagree, and never passes without evidence', () => {
    expect(decideShadow(pairs(0.2, -0.2, 0.1, -0.3), policy).verdict).toBe('inconclusive');
    expect(decideShadow([], policy)).toMatchObject({ verdict: 'inconclusive', predictions: 0, blocks: 0 });
    expect(decideShadow(pairs(0.1, 0.1), policy).verdict).toBe('inconclusive');
    expect(decideShadow(pairs(0.1, 0.1, 0.1), { ...policy, predictions: 301 }).verdict).toBe('inconclusive');
  });

  test('passes a version that answers exactly as the other one, even without a margin', () => {
    expect(decideShadow(pairs(0, 0, 0), { ...policy, margin: 0 }).verdict).toBe('pass');
  });
});

describe('the analysis of a canary step', () => {
  const canary = { predictions: 100, errorMargin: 0.01, latencyRatio: 1.5, latencyFloorMs: 5, alpha: 0.05 };
  const healthy = { predictions: 120, errors: 0, latencyP99Ms: 8 };
  const champion = { predictions: 1000, errors: 1, latencyP99Ms: 7 };

  test('passes enough healthy predictions', () => {
    expect(decideCanary(healthy, champion, null, canary).verdict).toBe('pass');
  });

  test('is inconclusive before enough predictions were served', () => {
    expect(decideCanary({ ...healthy, predictions: 99 }, champion, null, canary).verdict).toBe('inconclusive');
    expect(decideCanary({ predictions: 0, errors: 0, latencyP99Ms: null }, champion, null, canary).verdict).toBe('inconclusive');
  });

  test('fails at once on errors that chance does not explain, before the step has its predictions', () => {
    expect(decideCanary({ predictions: 40, errors: 12, latencyP99Ms: 8 }, champion, null, canary).verdict).toBe('fail');
    expect(decideCanary({ predictions: 40, errors: 1, latencyP99Ms: 8 }, champion, null, canary).verdict).toBe('inconclusive');
  });

  test('fails a version that is much slower', () => {
    expect(decideCanary({ ...healthy, latencyP99Ms: 40 }, champion, null, canary).verdict).toBe('fail');
  });

  test('fails when labelled predictions show it to be worse', () => {
    const losses = decideShadow(pairs(-0.1, -0.12, -0.09, -0.11), policy);
    expect(decideCanary(healthy, champion, losses, canary).verdict).toBe('fail');
  });
});
