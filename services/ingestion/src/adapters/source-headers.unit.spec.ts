import { encodeHeaders } from '@millrace/runtime';
import { SourceHeaders } from './source-headers.js';

it.each([0, 9, 10, 99, 100, 1_234_567, 2 ** 53 - 1])('the headers of an accepted record are those of any other record, offset %d', (offset) => {
  const headers = new SourceHeaders(17);
  const knownAt = Buffer.from('<2025-01-31T10:00:00.000Z>');
  headers.set(2 ** 52, knownAt, 1, knownAt.length - 1);
  headers.set(offset, knownAt, 1, knownAt.length - 1);
  expect(headers.bytes.subarray(0, headers.end)).toEqual(encodeHeaders({ 'mr-source-partition': '17', 'mr-source-offset': String(offset), 'mr-known-at': '2025-01-31T10:00:00.000Z' }));
});
