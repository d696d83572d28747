import { uuidV7 } from './uuid.js';

describe('uuidV7', () => {
  it('has the form of RFC 9562, version 7', () => {
    for (let index = 0; index < 2_000; index += 1) expect(uuidV7(1_700_000_000_000)).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts later when it is made later, and does not repeat', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => uuidV7(1_700_000_000_000 + index));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 2_000 }, () => uuidV7(1))).size).toBe(2_000);
  });
});
