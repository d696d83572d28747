import { firstToAsk } from './first-to-ask.js';

const ask = (...changePoints: (number | null)[]): number => {
  const triggers = changePoints.map((changePointMs) => ({ changePointMs }));
  const first = firstToAsk(triggers, ({ changePointMs }) => changePointMs);
  return first ? triggers.indexOf(first) : -1;
};

describe('of triggers that wait', () => {
  it('the one about the newest change asks first, and of the same change the oldest', () => {
    expect(ask(5, 9, 7)).toBe(1);
    expect(ask(9, 5, 9)).toBe(0);
  });

  it('one that knows of no change asks when there is no other', () => {
    expect(ask(null, 5)).toBe(1);
    expect(ask(null, null)).toBe(0);
    expect(ask()).toBe(-1);
  });
});
