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

test('numbers that no model computes with and values nested deeper than the stack are mistakes', () => {
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
  const problems = [Number.POSITIVE_INFINITY, Number.NaN, 1e308, deep].map((miles) => judgeServedRecord(columns, { flight: 'f', miles }, 0)[0]?.problem);
  expect(problems).toEqual(['Infinity', 'NaN', '1e+308', 'a list'].map((given) => `takes a number from -1e+150 to 1e+150, not ${given}`));
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
