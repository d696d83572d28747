import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.js';

test('a duration that is written is read as the same one', () => {
  fc.assert(fc.property(fc.nat(36_525 * 86_400_000), (durationMs) => expect(parseDuration(formatDuration(durationMs))).toBe(durationMs)));
});

test('what is no duration is not read as one', () => {
  for (const text of ['', '1', 'h', '1 h', '-1h', '1.5h', '1y', '101000w']) expect(parseDuration(text)).toBeUndefined();
});
