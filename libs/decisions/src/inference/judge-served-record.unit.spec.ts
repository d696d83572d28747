import { judgeServedRecord } from './judge-served-record.js';

const columns = [
  { name: 'flight', type: 'string' as const, optional: false },
  { name: 'departed', type: 'timestamp' as const, optional: true },
  { name: 'miles', type: 'double' as const, optional: false },
  { name: 'seats', type: 'long' as const, optional: true },
];

test('a record with what the features need is well', () => {
  expect(judgeServedRecord(columns, { flight: 'f', miles: 1.5 }, 0)).toEqual([]);
});

test('every mistake of a record is named with its row and column', () => {
  expect(judgeServedRecord(columns, { flight: null, departed: 'yesterday', seats: 1.5, milse: 3 }, 4)).toEqual([
    { row: 4, column: 'flight', problem: 'must not be null' },
    { row: 4, column: 'departed', problem: 'takes an ISO 8601 time with its zone, not "yesterday"' },
    { row: 4, column: 'miles', problem: 'is missing' },
    { row: 4, column: 'seats', problem: 'takes a whole number, not 1.5' },
    { row: 4, column: 'milse', problem: 'is not a column of the predicted data set' },
  ]);
});
