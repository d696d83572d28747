import { firstWindowOf, isClosed, isMatured, windowAt } from './window-clock.js';

const DAY = 86_400_000;

describe('the clock of windows', () => {
  test('begins with the day of the first prediction when little of it is missing, else with the next one', () => {
    expect(firstWindowOf(10 * DAY + 0.2 * DAY, DAY)).toEqual({ fromMs: 10 * DAY, toMs: 11 * DAY });
    expect(firstWindowOf(10 * DAY + 0.5 * DAY, DAY)).toEqual({ fromMs: 11 * DAY, toMs: 12 * DAY });
  });

  test('closes a window when the log passed its end, or when only the records to predict go on', () => {
    const window = windowAt(10 * DAY, DAY);
    expect(isClosed(window, { predictionsMs: 11 * DAY - 1, recordsMs: 11.9 * DAY })).toBe(false);
    expect(isClosed(window, { predictionsMs: 11 * DAY, recordsMs: null })).toBe(true);
    expect(isClosed(window, { predictionsMs: 10.1 * DAY, recordsMs: 12 * DAY })).toBe(true);
    expect(isClosed(window, { predictionsMs: null, recordsMs: null })).toBe(false);
  });

  test('counts outcomes only when the labels of the whole window are final', () => {
    expect(isMatured(windowAt(10 * DAY, DAY), 12 * DAY - 1, DAY)).toBe(false);
    expect(isMatured(windowAt(10 * DAY, DAY), 12 * DAY, DAY)).toBe(true);
    expect(isMatured(windowAt(10 * DAY, DAY), null, 0)).toBe(false);
  });
});
