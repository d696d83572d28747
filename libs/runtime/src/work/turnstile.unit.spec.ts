import { setImmediate as turn } from 'node:timers/promises';
import { Turnstile } from './turnstile.js';

describe('a turnstile', () => {
  it('lets so many run at once, the others in order, and goes on after a failure', async () => {
    const turnstile = new Turnstile(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const work = async (number: number): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      order.push(number);
      running -= 1;
      if (number === 1) throw new Error('broken');
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => turnstile.run(() => work(number))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  });
});
