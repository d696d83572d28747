import { seededRandom } from '../statistics/seeded-random.js';
import { decideGain } from './decide-gain.js';
import type { PairedBlock } from './paired-blocks.js';

const ALPHA = 0.1;
const DAYS = 10;
const BLOCKS_OF_DAY = 8;
const ROWS = 50;
const needs = { predictions: 400, proof: { alpha: ALPHA, atLeast: 0 } };

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Blocks of three hours whose gains share a part with the other blocks of their day. */
function stream(random: () => number, mean: number, ofDay: number): PairedBlock[] {
  return Array.from({ length: DAYS }, (_, day) => {
    const level = ofDay * normal(random);
    return Array.from({ length: BLOCKS_OF_DAY }, (_block, block): PairedBlock => ({ block: `${day}T${block}`, rows: ROWS, challengerLoss: 0.5, championLoss: 0.5 + mean + level + 0.02 * normal(random) }));
  }).flat();
}

/** The first verdict other than inconclusive, asked twice a day. */
function verdictOf(pairs: readonly PairedBlock[], asked: typeof needs = needs): string {
  for (let seen = BLOCKS_OF_DAY / 2; seen <= pairs.length; seen += BLOCKS_OF_DAY / 2) {
    const { verdict } = decideGain(pairs.slice(0, seen), asked);
    if (verdict !== 'inconclusive') return verdict;
  }
  return 'inconclusive';
}

function shareOf(verdict: string, mean: number, ofDay: number, asked = needs): number {
  const random = seededRandom(5);
  const verdicts = Array.from({ length: 400 }, () => verdictOf(stream(random, mean, ofDay), asked));
  return verdicts.filter((each) => each === verdict).length / verdicts.length;
}

describe('a gain that is to be shown in shadow', () => {
  test('is seen in no more than alpha of the versions that have none, asked twice a day, also when blocks of a day are alike', () => {
    expect(shareOf('pass', 0, 0)).toBeLessThanOrEqual(ALPHA);
    expect(shareOf('pass', 0, 0.006)).toBeLessThanOrEqual(ALPHA);
  });

  test('is seen where there is one, and the contrary where the version is worse', () => {
    expect(shareOf('pass', 0.03, 0)).toBeGreaterThan(0.95);
    expect(shareOf('pass', -0.03, 0)).toBe(0);
    expect(shareOf('fail', -0.03, 0)).toBe(1);
  });

  test('may be bounded below zero: what is as good passes more often, what is worse by the bound does in no more than alpha', () => {
    const bounded = { ...needs, proof: { alpha: ALPHA, atLeast: -0.01 } };
    expect(shareOf('pass', 0, 0, bounded)).toBeGreaterThan(2 * shareOf('pass', 0, 0));
    expect(shareOf('pass', -0.01, 0, bounded)).toBeLessThanOrEqual(ALPHA);
  });

  test('is never seen without the predictions asked for, and fails when four times as many did not show it', () => {
    const pairs = stream(seededRandom(1), 0.05, 0);
    expect(decideGain(pairs.slice(0, 7), needs)).toMatchObject({ verdict: 'inconclusive', predictions: 350, blocks: 7 });
    expect(decideGain([], needs)).toMatchObject({ verdict: 'inconclusive', predictions: 0, blocks: 0 });
    const alike = pairs.map((pair) => ({ ...pair, championLoss: pair.challengerLoss }));
    expect([decideGain(alike.slice(0, 31), needs).verdict, decideGain(alike.slice(0, 32), needs).verdict]).toEqual(['inconclusive', 'fail']);
  });
});
