import { slopeOf } from './slope.js';

const seconds = Array.from({ length: 240 }, (_, index) => index);

describe('the slope of memory over time', () => {
  it('is that of a line, without error', () => {
    const { slope, error } = slopeOf(seconds, seconds.map((second) => 100 + 0.5 * second));
    expect(slope).toBeCloseTo(0.5, 10);
    expect(error).toBeCloseTo(0, 10);
  });

  it('of a sawtooth around a level is zero within two standard errors', () => {
    const { slope, error } = slopeOf(seconds, seconds.map((second) => 100 + (second % 17)));
    expect(Math.abs(slope)).toBeLessThan(2 * error);
  });

  it('of a sawtooth that climbs is found', () => {
    const { slope, error } = slopeOf(seconds, seconds.map((second) => 100 + (second % 17) + 0.2 * second));
    expect(slope).toBeGreaterThan(4 * error);
  });
});
