import fc from 'fast-check';
import { chooseTarget, shareOf } from './choose-target.js';

const champion = { role: 'champion' as const, trafficRatio: 0 };
const route = (trafficRatio: number) => [{ ...champion, trafficRatio: 1 - trafficRatio }, { role: 'challenger' as const, trafficRatio }, { role: 'shadow' as const, trafficRatio: 0 }];

test('a key that has met the challenger stays with it when its share of traffic grows', () => {
  fc.assert(
    fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (key, a, b) => {
      const share = shareOf('default/flights', key);
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      if (chooseTarget(route(small), share)?.target.role === 'challenger') expect(chooseTarget(route(large), share)?.target.role).toBe('challenger');
    }),
  );
});

test('the challenger answers its share of keys, and the propensity says which', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `flight-${index}`);
  const challenged = keys.filter((key) => chooseTarget(route(0.1), shareOf('default/flights', key))?.target.role === 'challenger');
  expect(challenged.length / keys.length).toBeCloseTo(0.1, 2);
  expect(chooseTarget(route(0.1), 0)?.propensity).toBe(0.1);
  expect(chooseTarget(route(0.1), 0.99)?.propensity).toBe(0.9);
});

test('shadows never answer, and a route without a champion answers nobody', () => {
  expect(chooseTarget([{ role: 'shadow', trafficRatio: 0 }], 0)).toBeUndefined();
  expect(chooseTarget(route(0), 0)?.target.role).toBe('champion');
});
