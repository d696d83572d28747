import { createRequire } from 'node:module';
import fc from 'fast-check';
import { leanEncoder } from './lean-records.js';
import type { RecordEncoder } from './lean-records.js';

const encode = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0') as RecordEncoder;
const lean = leanEncoder(encode);
const bytes = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)));
const records = fc.record(
  {
    offsetDelta: fc.oneof(fc.nat({ max: 1_000 }), fc.nat({ max: 100_000_000 })),
    timestampDelta: fc.constantFrom(0, 0, 0, 7, 1_000_000),
    key: fc.oneof(bytes, fc.constant(null)),
    value: fc.oneof(bytes, fc.constant(null)),
    headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 70 }), fc.oneof(bytes, fc.array(fc.string(), { maxLength: 3 })), { maxKeys: 14 }),
  },
  { requiredKeys: [] },
);

describe('a record written into as many bytes as it needs', () => {
  it('has the bytes that kafkajs writes', () => {
    fc.assert(
      fc.property(records, (record) => {
        const [expected, actual] = [encode(record), lean(record)];
        expect(actual.buf.subarray(0, actual.offset).equals(expected.buf.subarray(0, expected.offset))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no more memory than it is long', () => {
    const { buf, offset } = lean({ key: 'a', value: '{}', headers: { ce_id: '1' } });
    expect(buf.length).toBe(offset);
  });
});
