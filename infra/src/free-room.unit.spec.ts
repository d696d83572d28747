import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeMegabytes, requireRoom } from './free-room.js';

describe('the room on the disk', () => {
  const home = join(tmpdir(), 'not', 'there', 'yet');
  const moreThanAnyDisk = 1e12;

  it('is that of the first directory above that exists', () => {
    expect(freeMegabytes(home)).toBe(freeMegabytes(tmpdir()));
  });

  it('is enough when it is above what a start needs', () => {
    expect(() => requireRoom(home, 0)).not.toThrow();
  });

  it('is named in one sentence that says what to do when it is too little for a start', () => {
    expect(() => requireRoom(home, moreThanAnyDisk)).toThrow(/^The disk of .* has \d+ MB free and Millrace needs 1000000000000 MB to start; free some, or set MILLRACE_HOME to a directory on another disk\.$/);
  });
});
