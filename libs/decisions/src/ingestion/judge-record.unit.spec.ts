import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import { compileRecordChecks } from './judge-record.js';
import type { ArrivedRecord, RecordJudgement } from './judge-record.js';

const column = (name: string, type: ColumnDefinition['type'], rest: Partial<ColumnDefinition> = {}): ColumnDefinition => ({
  name, type, optional: false, from: null, to: null, matches: null, oneOf: null, failure: 'quarantine', ...rest,
});
const flights: DataSetDefinition = {
  id: 'default/flights',
  name: 'flights',
  keyColumn: 'flight',
  eventTimeColumn: 'departed_at',
  knownAtColumn: 'known_at',
  partitions: null,
  segmentChecks: [],
  columns: [
    column('flight', 'string', { matches: '^[A-Z]{2}\\d+$' }),
    column('departed_at', 'timestamp'),
    column('known_at', 'timestamp'),
    column('distance', 'double', { from: 10, to: 6000 }),
    column('stops', 'long', { optional: true, from: 0, failure: 'warn' }),
    column('origin', 'string', { oneOf: ['ORD', 'ATL'], optional: true }),
    column('cancelled', 'boolean', { optional: true }),
  ],
};
const good = { flight: 'UA7', departed_at: '2001-01-01T10:00:00Z', known_at: '2001-01-01T12:30:00+01:00', distance: 500 };
const judge = compileRecordChecks(flights, { maxBytes: 1000, maxFutureMs: 86_400_000 });

function judged(value: unknown, rest: Partial<ArrivedRecord> = {}): RecordJudgement {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return judge({ key: 'UA7', headers: {}, text, sizeBytes: Buffer.byteLength(text), nowMs: Date.UTC(2001, 0, 2), ...rest });
}

describe('the checks of a record', () => {
  it('accept a good record, with times in UTC and absent optional columns as null', () => {
    expect(judged(good)).toEqual({
      accepted: true,
      row: { flight: 'UA7', departed_at: '2001-01-01T10:00:00.000Z', known_at: '2001-01-01T11:30:00.000Z', distance: 500, stops: null, origin: null, cancelled: null },
      eventTimeMs: Date.UTC(2001, 0, 1, 10),
      knownAtMs: Date.UTC(2001, 0, 1, 11, 30),
      warnings: [],
    });
  });

  it.each<[string, unknown, Partial<ArrivedRecord>, string, string]>([
    ['a tombstone', good, { text: null }, 'empty-record', 'The record has no value'],
    ['a record that is too large', good, { sizeBytes: 2_000_000 }, 'record-too-large', 'The record has 2000000 bytes, at most 1000 are accepted'],
    ['broken JSON', '{"flight":', {}, 'invalid-json', 'The value is not JSON'],
    ['a list', '[1, 2]', {}, 'not-an-object', 'The value is a list, not a JSON object'],
    ['a record without key', good, { key: null }, 'missing-key', 'The record has no Kafka key; it must be the value of "flight"'],
    ['another key', good, { key: 'AA1' }, 'key-mismatch', 'The Kafka key is "AA1", "flight" is "UA7"'],
    ['an unknown field', { ...good, color: 'red' }, {}, 'unknown-field', '"color" is not a column of default/flights'],
    ['a missing column', { ...good, distance: undefined }, {}, 'missing-column', '"distance" is missing'],
    ['a null where none is allowed', { ...good, distance: null }, {}, 'missing-column', '"distance" is null'],
    ['a text for a number', { ...good, distance: '500' }, {}, 'wrong-type', '"distance" is "500", expected a number'],
    ['a list nested deeper than the stack', '['.repeat(50_000) + ']'.repeat(50_000), { sizeBytes: 10 }, 'not-an-object', 'The value is a list, not a JSON object'],
    ['a column nested deeper than the stack', `{"flight":"UA7","departed_at":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, { sizeBytes: 10 }, 'wrong-type', '"departed_at" is a list, expected'],
    ['a number that JSON writes and a double cannot hold', '{"flight":"UA7","departed_at":"2001-01-01T10:00:00Z","known_at":"2001-01-01T10:00:00Z","distance":1e400}', {}, 'wrong-type', '"distance" is Infinity, expected a number'],
    ['a number whose square overflows', { ...good, distance: 1e200 }, {}, 'number-too-large', '"distance" is 1e+200, numbers reach from -1e+150 to 1e+150'],
    ['a text that a database cannot keep', { ...good, flight: 'UA\u00007' }, {}, 'zero-character', '"flight" holds the character U+0000'],
    ['a fraction for a whole number', { ...good, stops: 1.5 }, {}, 'wrong-type', '"stops" is 1.5, expected a whole number'],
    ['a time without zone', { ...good, departed_at: '2001-01-01T10:00:00' }, {}, 'wrong-type', '"departed_at" is "2001-01-01T10:00:00", expected an ISO 8601 time with its zone'],
    ['a day that does not exist', { ...good, departed_at: '2001-02-30T10:00:00Z' }, {}, 'wrong-type', 'expected an ISO 8601 time'],
    ['a day that does not exist, in canonical form', { ...good, departed_at: '2001-02-30T10:00:00.000Z' }, {}, 'wrong-type', 'expected an ISO 8601 time'],
    ['a number out of range', { ...good, distance: 805 * 1609 }, {}, 'out-of-range', '"distance" is 1295245, allowed is 10 to 6000'],
    ['a value that is not allowed', { ...good, origin: 'JFK' }, {}, 'not-allowed', '"origin" is "JFK", which is not among the values allowed'],
    ['a text that does not match', { ...good, flight: 'ua7' }, {}, 'pattern-mismatch', '"flight" is "ua7", which does not match'],
    ['a time that has not come', { ...good, known_at: '2201-01-01T00:00:00Z' }, {}, 'in-the-future', '"known_at" is 2201-01-01T00:00:00.000Z, which has not come yet'],
  ])('refuse %s', (_, value, rest, code, detail) => {
    const judgement = judged(value, rest);
    expect(judgement).toMatchObject({ accepted: false, code });
    expect((judgement as { detail: string }).detail).toContain(detail);
  });

  it('accept and report what is only a warning', () => {
    expect(judged({ ...good, stops: -1 })).toMatchObject({ accepted: true, row: { stops: -1 }, warnings: [{ code: 'out-of-range' }] });
  });

  it('do not take a field named like a member of every object for a column', () => {
    expect(judged('{"flight":"UA7","departed_at":"2001-01-01T10:00:00Z","known_at":"2001-01-01T10:00:00Z","distance":1e2,"__proto__":{"x":1}}')).toMatchObject({ accepted: false, code: 'unknown-field' });
  });
});
