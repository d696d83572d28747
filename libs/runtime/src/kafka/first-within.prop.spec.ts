import fc from 'fast-check';
import { firstWithin } from './first-within.js';

describe('the records of one request', () => {
  it('are a beginning of the list that fits, and never none, so that repeating it sends everything in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2_000 }), { maxLength: 2_500 }), fc.integer({ min: 1, max: 5_000 }), (sizes, maxBytes) => {
        const sent: number[][] = [];
        for (let rest = sizes; rest.length > 0; rest = rest.slice(sent.at(-1)?.length)) sent.push(firstWithin(rest, (size) => size, maxBytes));
        expect(sent.flat()).toEqual(sizes);
        for (const batch of sent) expect(batch.length <= 1_000 && (batch.length === 1 || batch.reduce((sum, size) => sum + size + 100, 0) <= maxBytes)).toBe(true);
      }),
    );
  });
});
