import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import fc from 'fast-check';
import { compileRecordChecks } from './judge-record.js';
import type { RecordRow } from './judge-record.js';
import { RecordScan } from './scan-record.js';

const column = (name: string, type: ColumnDefinition['type'], rest: Partial<ColumnDefinition> = {}): ColumnDefinition => ({
  name, type, optional: false, from: null, to: null, matches: null, oneOf: null, failure: 'quarantine', ...rest,
});
const flights: DataSetDefinition = {
  id: 'default/flights', name: 'flights', keyColumn: 'flight', eventTimeColumn: 'at', knownAtColumn: 'known_at', partitions: null, segmentChecks: [],
  columns: [
    column('flight', 'string'),
    column('at', 'timestamp'),
    column('known_at', 'timestamp'),
    column('distance', 'double', { from: -1e6, to: 6000 }),
    column('stops', 'long', { optional: true, from: 0, failure: 'warn' }),
    column('origin', 'string', { oneOf: ['ORD', 'ATL', 'Zürich'], optional: true }),
    column('gate', 'string', { matches: '^\\p{L}\\d*$', optional: true }),
    column('cancelled', 'boolean', { optional: true }),
  ],
};
const counters: DataSetDefinition = { ...flights, keyColumn: 'number', columns: [column('number', 'long'), column('at', 'timestamp'), column('known_at', 'timestamp')] };
const limits = { maxBytes: 2000, maxFutureMs: 86_400_000 };
const nowMs = Date.UTC(2030, 0, 1);
const encoder = new TextEncoder();
const textOf = (bytes: Uint8Array, from: number, to: number): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from, to));

/** What the scan says of a record: the row it accepts, or null when it cannot say. */
function scanned(scan: RecordScan, dataSet: DataSetDefinition, key: Uint8Array, value: Uint8Array): RecordRow | null {
  // Neighbours on both sides: nothing outside of the record may be read as part of it.
  const bytes = new Uint8Array([...encoder.encode('9"{'), ...key, ...encoder.encode('1":'), ...value, ...encoder.encode('0Z"}')]);
  const from = 3 + key.length + 3;
  if (!scan.accepts({ bytes, from, to: from + value.length, keyFrom: 3, keyTo: 3 + key.length }, nowMs)) return null;
  const valueOf = ({ type }: ColumnDefinition, place: number) => {
    if (scan.nulls[place] === 1) return null;
    if (type === 'string') return textOf(bytes, scan.starts[place] as number, scan.ends[place] as number);
    const number = scan.numbers[place] as number;
    return type === 'timestamp' ? new Date(number).toISOString() : type === 'boolean' ? number === 1 : number;
  };
  return Object.fromEntries(dataSet.columns.map((one, place) => [one.name, valueOf(one, place)]));
}

function judged(judge: ReturnType<typeof compileRecordChecks>, key: Uint8Array, value: Uint8Array) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // as Buffer.toString
  return judge({ key: decoder.decode(key), headers: {}, text: decoder.decode(value), sizeBytes: value.length, nowMs });
}

const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.integer({ min: -9, max: 9_999 }).map(String),
  fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 99_999 })).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom('0', '-0', '-0.0', '1e2', '1E+3', '5e-324', '1e22', '1e23', '9007199254740993', '123456789012345678', '0.1', '1.', '.5', '01', '-', '+1', '1e', 'NaN', 'Infinity', '12a'),
);
const time = fc.oneof(
  { arbitrary: fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('2031-01-01T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString()), weight: 8 },
  { weight: 1, arbitrary: fc.constantFrom('2025-01-31T10:00:00Z', '2025-02-30T10:00:00.000Z', '2024-02-29T23:59:59.999Z', '2023-02-29T00:00:00.000Z', '1900-02-29T00:00:00.000Z', '2025-01-01T24:00:00.000Z', '2025-01-01T10:00:60.000Z',
    '2025-01-01t10:00:00.000z', '2025-01-01 10:00:00Z', '2025-01-01T10:00:00.123456789+05:30', '2025-01-01T10:00:00.1234567890Z', '2025-01-01T10:00Z', '2025-01-01T10:00:00.5-23:59', '2025-01-01T10:00:00+24:00',
    '2025-01-01T10:00:00+0530', '2025-01-01T10:00:00', '2025-01-01', '+002025-01-01T00:00:00.000Z', '0000-01-01T00:00:00.000Z', '2025-01-01T10:00:00.Z', '2025-13-01T00:00:00.000Z', '2025-00-10T00:00:00.000Z', '2025-01-00T00:00:00.000Z') },
).map((text) => JSON.stringify(text));
const text = fc.oneof(fc.constantFrom('ORD', 'ATL', 'Zürich', 'É7', 'a', ''), fc.string({ unit: 'binary', maxLength: 6 })).map((value) => JSON.stringify(value));
const other = fc.constantFrom('null', 'true', 'false', '{}', '[1]', '"x"', 'nul', 'truex', '"a\\u0000b"', '"a\tb"', '');
const usual = <T>(arbitrary: fc.Arbitrary<T>, weight = 12) => fc.oneof({ arbitrary, weight }, { arbitrary: other as unknown as fc.Arbitrary<T>, weight: 1 });
const space = fc.constantFrom('', '', '', '', ' ', '\n', '\t\r ', '\t\n\n', ' ', ' ', '\u00a0');
const member = fc.oneof(
  fc.tuple(fc.constantFrom('distance'), usual(number)), fc.tuple(fc.constantFrom('stops'), usual(number)), fc.tuple(fc.constantFrom('origin', 'gate'), usual(text)),
  fc.tuple(fc.constantFrom('cancelled'), usual(fc.constantFrom('true', 'false'))), fc.tuple(fc.constantFrom('at', 'known_at'), usual(time)), fc.tuple(fc.constantFrom('colour', '__proto__', 'distanc', ''), usual(number)),
);
/** A record that is mostly good, with members that come twice, in any order, with any spaces, and now and then one broken byte. */
const flight = fc.tuple(fc.constantFrom('UA7', 'LH 400', 'Ö1', 'a"b', ''), usual(time, 30), usual(time, 30), usual(fc.double({ min: -1e6, max: 6000, noNaN: true }).map(String), 30), fc.array(member, { maxLength: 2 }), space, fc.integer({ min: 0, max: 1 << 20 }))
  .map(([name, at, knownAt, distance, more, gap, seed]) => {
    const members = [['flight', JSON.stringify(name)], ['at', at], ['known_at', knownAt], ['distance', distance], ...more].map(([field, value]) => `"${field}"${gap}:${value}${gap}`);
    const turned = [...members.slice(seed % members.length), ...members.slice(0, seed % members.length)];
    return { key: name, value: `${gap}{${gap}${turned.join(`,${gap}`)}}${gap}` };
  });
const broken = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), isBroken: fc.integer({ min: 0, max: 3 }).map((one) => one === 0) });

describe('the scan of a record', () => {
  it('accepts only what the record checks accept, with the same values, whatever the bytes are', () => {
    const [scan, judge] = [new RecordScan(flights, limits, textOf), compileRecordChecks(flights, limits)];
    let accepted = 0;
    fc.assert(
      fc.property(flight, broken, ({ key, value }, { at, byte, isBroken }) => {
        const [keyBytes, bytes] = [encoder.encode(key), encoder.encode(value)];
        if (isBroken) bytes[at % bytes.length] = byte;
        const row = scanned(scan, flights, keyBytes, bytes);
        if (!row) return;
        accepted += 1;
        const judgement = judged(judge, keyBytes, bytes);
        expect(judgement).toEqual({ accepted: true, row, eventTimeMs: scan.eventTimeMs, knownAtMs: scan.knownAtMs, warnings: [] });
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(2_000);
  });

  it('takes a whole number for a key as the record checks do', () => {
    const [scan, judge] = [new RecordScan(counters, limits, textOf), compileRecordChecks(counters, limits)];
    const key = fc.oneof(number, fc.constantFrom('', 'x', '1.0'));
    fc.assert(
      fc.property(key, fc.option(number), (own, written) => {
        const value = encoder.encode(`{"number":${written ?? own},"at":"2025-01-01T00:00:00.000Z","known_at":"2025-01-01T00:00:00.000Z"}`);
        const row = scanned(scan, counters, encoder.encode(own), value);
        if (row) expect(judged(judge, encoder.encode(own), value)).toMatchObject({ accepted: true, row });
      }),
    );
    expect(scanned(scan, counters, encoder.encode('-17'), encoder.encode('{"number":-17,"at":"2025-01-01T00:00:00.000Z","known_at":"2025-01-01T00:00:00.000Z"}'))).toMatchObject({ number: -17 });
  });

  it('says of every record in plain form that it is accepted, so that the slow way is the exception', () => {
    const scan = new RecordScan(flights, limits, textOf);
    const good = fc.record({ flight: fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => JSON.stringify(one) === `"${one}"`), at: fc.date({ min: new Date(0), max: new Date(nowMs), noInvalidDate: true }), distance: fc.integer({ min: -100_000, max: 600_000 }).map((one) => one / 100) });
    fc.assert(
      fc.property(good, (record) => {
        const value = { ...record, known_at: record.at, cancelled: true };
        expect(scanned(scan, flights, encoder.encode(record.flight), encoder.encode(JSON.stringify(value)))).toMatchObject({ flight: record.flight, at: record.at.toISOString(), distance: record.distance, cancelled: true, stops: null });
        expect(scan.isCanonical).toBe(true);
      }),
    );
  });
});
