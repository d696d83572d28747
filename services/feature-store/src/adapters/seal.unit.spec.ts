import { seal, unseal } from './seal.js';

const rows = Buffer.from('PAR1 rows PAR1');

test('what was sealed comes back with its key alone', () => {
  const { sealed, key } = seal(rows);
  expect(unseal(sealed, key)).toEqual(rows);
  expect(() => unseal(sealed, seal(rows).key)).toThrow();
});

test('a seal that was touched does not open, and the same rows never look the same', () => {
  const { sealed, key } = seal(rows);
  const touched = Buffer.from(sealed);
  touched.writeUInt8(touched.readUInt8(touched.length - 1) ^ 1, touched.length - 1);
  expect(() => unseal(touched, key)).toThrow();
  expect(seal(rows).sealed.equals(sealed)).toBe(false);
});
