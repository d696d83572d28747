import fc from 'fast-check';
import { writtenValue } from './record-content.js';

describe('the value of a record in a dead letter', () => {
  it('gives back the same bytes, also after it went through JSON', () => {
    const bytes = fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)));
    fc.assert(
      fc.property(bytes, (sample) => {
        const { value, valueEncoding, valueBytes } = JSON.parse(JSON.stringify(writtenValue(Buffer.from(sample)))) as ReturnType<typeof writtenValue>;
        expect(Buffer.from(value ?? '', valueEncoding).equals(Buffer.from(sample))).toBe(true);
        expect(valueBytes).toBe(sample.length);
      }),
    );
  });

  it('is text when it is UTF-8, base64 when it is not, and null when there is none', () => {
    expect(writtenValue(Buffer.from('{"a":"ü"}'))).toMatchObject({ value: '{"a":"ü"}', valueEncoding: 'utf-8' });
    expect(writtenValue(Buffer.from([0xff, 0x00]))).toMatchObject({ value: '/wA=', valueEncoding: 'base64' });
    expect(writtenValue(null)).toMatchObject({ value: null, valueBytes: 0 });
  });
});
