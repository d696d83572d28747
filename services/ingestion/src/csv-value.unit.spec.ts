import { csvValueOf } from './csv-value.js';

describe('a CSV field', () => {
  it.each([
    ['double', '1.5', 1.5],
    ['double', '1e3', 1000],
    ['double', 'far', 'far'],
    ['long', '12', 12],
    ['boolean', 'TRUE', true],
    ['boolean', 'yes', 'yes'],
    ['timestamp', '2001-01-01 10:00:00', '2001-01-01T10:00:00Z'],
    ['timestamp', '2001-01-01T10:00:00+02:00', '2001-01-01T10:00:00+02:00'],
    ['string', '007', '007'],
    ['string', '', null],
    ['double', null, null],
  ] as const)('of a %s column that reads %j becomes %j', (type, text, value) => {
    expect(csvValueOf(type, text)).toBe(value);
  });
});
