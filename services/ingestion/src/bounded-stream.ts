import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { MillraceError } from '@millrace/contracts';

/** The same bytes; fails with `payload-too-large` once there are more than allowed. */
export function boundedStream(source: Readable, maxBytes: number): Readable {
  let seen = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      done(seen > maxBytes ? new MillraceError('payload-too-large', `The file has more than ${maxBytes} bytes`) : null, chunk);
    },
  });
  source.on('error', (error) => bounded.destroy(error));
  source.on('aborted', () => bounded.destroy(new Error('The sender went away')));
  return source.pipe(bounded);
}
