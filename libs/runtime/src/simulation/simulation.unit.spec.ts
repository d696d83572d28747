import { runSchedule } from './run-schedule.js';

/** A short run of `npm run test:simulation`. */
const schedules = 600;
/** Ten times what it takes on a quiet machine. */
const patienceMs = 120_000;

describe('the event backbone over simulated time, Kafka and Postgres', () => {
  it(`loses nothing, does nothing twice, keeps the order of each key and comes to rest, in ${schedules} schedules`, async () => {
    const bad: string[] = [];
    for (let seed = 1; seed <= schedules; seed += 1) {
      const { violation } = await runSchedule(seed);
      if (violation !== null) bad.push(`seed ${seed}: ${violation}`);
    }
    expect(bad).toEqual([]);
  }, patienceMs);

  it('is the same for the same seed, step by step', async () => {
    const [one, other] = [await runSchedule(19, { isTraced: true }), await runSchedule(19, { isTraced: true })];
    expect(one.trace?.length).toBeGreaterThan(50);
    expect(other).toEqual(one);
  });
});
