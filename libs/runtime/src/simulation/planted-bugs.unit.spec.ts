import { plantedBugs } from './planted-bugs.js';
import { runSchedule } from './run-schedule.js';

const atMost = 1_500;

describe('the simulation finds', () => {
  it.each(Object.entries(plantedBugs))('%s', async (_, planted) => {
    const found: string[] = [];
    for (let seed = 1; seed <= atMost && found.length === 0; seed += 1) {
      const { violation } = await runSchedule(seed, { planted });
      if (violation !== null) found.push(violation);
    }
    expect(found).toHaveLength(1);
  });
});
