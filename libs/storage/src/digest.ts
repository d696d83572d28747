import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { MillraceError } from '@millrace/contracts';

export interface Digest {
  sha256: string;
  sizeBytes: number;
}

/** SHA-256 as lower-case hex, with the size. */
export function digestOf(bytes: Uint8Array): Digest {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.byteLength };
}

/** The same for a file, read in pieces. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** Throws `digest-mismatch` when an object is not what its event said. */
export function checkDigest(url: string, found: Digest, expected: Partial<Digest>): void {
  for (const property of ['sizeBytes', 'sha256'] as const) {
    if (expected[property] !== undefined && expected[property] !== found[property]) {
      throw new MillraceError('digest-mismatch', `${url} has ${property} ${found[property]}, expected ${expected[property]}`, { url });
    }
  }
}
