import fc from 'fast-check';
import { hourOf, instantMsOf, weekdayOf } from './instant.js';

test('hour and weekday are those of the calendar in UTC, also before 1970', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(hourOf(date.getTime())).toBe(date.getUTCHours());
      expect(weekdayOf(date.getTime())).toBe(date.getUTCDay());
    }),
  );
});

test('an instant needs its zone', () => {
  expect(instantMsOf('2001-02-03T04:05:06.789Z')).toBe(Date.UTC(2001, 1, 3, 4, 5, 6, 789));
  expect(instantMsOf('2001-02-03T04:05:06+01:00')).toBe(Date.UTC(2001, 1, 3, 3, 5, 6));
  expect(instantMsOf('2001-02-03T04:05:06')).toBeUndefined();
  expect(instantMsOf('2001-02-03')).toBeUndefined();
  expect(instantMsOf(null)).toBeUndefined();
});
