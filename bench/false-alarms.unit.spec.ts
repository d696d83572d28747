import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const STREAMS = 12;
const root = join(import.meta.dirname, '..');

interface Watched {
  promised: number;
  alarmsAMonth: number;
  alarmedShare: number;
  foundWithinFiveDays: number;
}

test('false alarms stay within the budget of one a month on streams that are over-dispersed, autocorrelated and seasonal, and a shift is found within days', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', join(root, 'libs/testing/typescript-sources.mjs'), join(root, 'bench/watch-streams.ts'), String(STREAMS)]);
  const { promised, alarmsAMonth, alarmedShare, foundWithinFiveDays } = JSON.parse(stdout) as Watched;
  expect(promised).toBe(STREAMS);
  expect(alarmsAMonth).toBeLessThanOrEqual(1);
  // One alarm that never ends is no way to keep a budget.
  expect(alarmedShare).toBeLessThan(0.25);
  expect(foundWithinFiveDays).toBeGreaterThanOrEqual(STREAMS - 2);
});
