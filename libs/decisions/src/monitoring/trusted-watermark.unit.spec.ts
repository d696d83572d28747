import { trustedWatermark } from './trusted-watermark.js';
import type { TrustedWatermark } from './trusted-watermark.js';

const DAY_MS = 86_400_000;
const at = (day: string, hour = 23): string => `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const known: TrustedWatermark = { watermark: at('2001-03-05'), ahead: {} };
const move = (from: TrustedWatermark, watermark: string, ...rows: [string, number][]): TrustedWatermark => trustedWatermark(from, { watermark, rowsByDay: rows.map(([day, count]) => ({ day, rows: count })) }, DAY_MS);

describe('the watermark of a data set', () => {
  test('moves by days as they come, and never back', () => {
    expect(move(known, at('2001-03-06'), ['2001-03-06', 1]).watermark).toBe(at('2001-03-06'));
    expect(move(known, at('2001-03-01'), ['2001-03-01', 500]).watermark).toBe(known.watermark);
  });

  test('does not follow a clock that jumped, and goes on with the real days behind it', () => {
    const jumped = move(known, at('2099-01-01'), ['2099-01-01', 1]);
    expect(jumped.watermark).toBe(known.watermark);
    const nextDay = move(jumped, at('2099-01-01'), ['2001-03-06', 200]);
    expect(nextDay.watermark).toBe('2001-03-06T00:00:00.000Z');
    expect(move(nextDay, at('2099-01-01'), ['2001-03-07', 200]).watermark).toBe('2001-03-07T00:00:00.000Z');
  });

  test('believes a gap when enough rows stand behind it, however they were published', () => {
    let resumed = known;
    for (let i = 0; i < 3; i += 1) resumed = move(resumed, at('2001-03-20', 10 + i), ['2001-03-20', 10]);
    expect(resumed.watermark).toBe(at('2001-03-20', 12));
  });

  test('begins with whatever comes first', () => {
    expect(move({ watermark: null, ahead: {} }, at('2001-03-05'), ['2001-03-05', 1]).watermark).toBe(at('2001-03-05'));
  });
});
