import { dataOfRecord, envelopeHeadersOf, isPlainRecord } from './data-of-record.js';

const data = { machine: 'm1', load: 50 };
const attributes = { specversion: '1.0', id: 'e-1', source: '/plant/7', type: 'plant.reading.v1', time: '2026-11-21T14:00:00.123456789+01:00' };
const binary = (change: Record<string, string | undefined> = {}): Record<string, string> =>
  withoutUndefined({ ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value])), 'content-type': 'application/json', ...change });
const structured = (change: Record<string, unknown> = {}) => ({
  headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  text: JSON.stringify(withoutUndefined({ ...attributes, datacontenttype: 'application/json', data, ...change })),
});

function withoutUndefined<T>(fields: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, T] => field[1] !== undefined));
}

describe('the data of a record', () => {
  const text = JSON.stringify(data);

  it('is the value itself of a plain record, whatever its other headers say', () => {
    expect(dataOfRecord({ headers: {}, text })).toBe(text);
    expect(dataOfRecord({ headers: { 'content-type': 'application/json', traceparent: '00-1-2-01', 'mr-file': 'f' }, text })).toBe(text);
    expect(dataOfRecord({ headers: {}, text: null })).toBeNull();
  });

  it('need not be looked for in a plain record', () => {
    const plain: Record<string, string>[] = [{}, { 'content-type': 'application/json', 'mr-file': 'f' }];
    expect(plain.map(isPlainRecord)).toEqual([true, true]);
    expect([binary(), structured().headers, { ce_id: '' }, { ce_specversion: '0.3' }, { 'content-type': 'Application/CloudEvents-batch+json' }].map(isPlainRecord)).toEqual([false, false, false, false, false]);
  });

  it('is the value of a CloudEvent in binary mode', () => {
    expect(dataOfRecord({ headers: binary(), text })).toBe(text);
    expect(dataOfRecord({ headers: binary({ 'content-type': undefined, ce_time: undefined, ce_subject: 'any', ce_plant: 'extension' }), text })).toBe(text);
    expect(dataOfRecord({ headers: binary({ 'content-type': 'application/vnd.plant.reading+json; charset=utf-8' }), text })).toBe(text);
  });

  it('is the data of a CloudEvent in structured mode, also when it is in base64', () => {
    expect(dataOfRecord(structured())).toBe(text);
    expect(dataOfRecord(structured({ data: undefined, data_base64: Buffer.from('{"name":"Zürich"}').toString('base64') }))).toBe('{"name":"Zürich"}');
    expect(dataOfRecord(structured({ data: undefined }))).toBeNull();
    expect(dataOfRecord(structured({ data: 'text' }))).toBe('"text"');
  });

  it('does not change a number on its way out of an envelope', () => {
    const numbers = [0.1, 1e-7, 5e-324, 1.7976931348623157e308, -0.30000000000000004, 9007199254740991];
    expect(JSON.parse(String(dataOfRecord(structured({ data: { numbers } }))))).toEqual({ numbers });
  });

  it.each([
    ['a batch', { headers: { 'content-type': 'application/cloudevents-batch+json' }, text: '[]' }, 'cloudevents-batch'],
    ['another format of structured mode', { headers: { 'content-type': 'application/cloudevents+avro' }, text: 'x' }, 'unsupported-content-type'],
    ['another version, binary', { headers: binary({ ce_specversion: '0.3' }), text }, 'unsupported-specversion'],
    ['another version, structured', structured({ specversion: '2.0' }), 'unsupported-specversion'],
    ['data that is not JSON', { headers: binary({ 'content-type': 'application/avro' }), text }, 'unsupported-content-type'],
    ['data in an envelope that is not JSON', structured({ datacontenttype: 'text/csv' }), 'unsupported-content-type'],
    ['attributes without a version', { headers: binary({ ce_specversion: undefined }), text }, 'invalid-envelope'],
    ['attributes without an id', { headers: binary({ ce_id: undefined }), text }, 'invalid-envelope'],
    ['an empty source', { headers: binary({ ce_source: '' }), text }, 'invalid-envelope'],
    ['an envelope without type', structured({ type: undefined }), 'invalid-envelope'],
    ['an id that is a number', structured({ id: 7 }), 'invalid-envelope'],
    ['a time that names no instant', { headers: binary({ ce_time: 'yesterday' }), text }, 'invalid-envelope'],
    ['an envelope that is not JSON', { ...structured(), text: '{"specversion":' }, 'invalid-envelope'],
    ['an envelope that is a list', { ...structured(), text: '[]' }, 'invalid-envelope'],
    ['data twice', structured({ data_base64: '' }), 'invalid-envelope'],
    ['base64 that is none', structured({ data: undefined, data_base64: '***' }), 'invalid-envelope'],
    ['base64 that is no text', structured({ data: undefined, data_base64: '/w==' }), 'invalid-envelope'],
  ])('is refused with its reason: %s', (_, record, code) => {
    expect(dataOfRecord(record)).toMatchObject({ code, detail: expect.any(String) });
  });

  it('can be read again with the headers that are kept of a record', () => {
    const headers = { ...binary(), 'mr-file': 'f', 'mr-row': '3', traceparent: '00' };
    expect(envelopeHeadersOf(headers)).toEqual(binary());
    expect(dataOfRecord({ headers: envelopeHeadersOf(headers), text })).toBe(text);
  });
});
