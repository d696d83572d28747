import { MillraceError } from '@millrace/contracts';

/** The error for text that is not what its format demands: a proof, a note, a key, a tile path, a value that is not JSON. */
export function malformed(detail: string): MillraceError {
  return new MillraceError('invalid-proof', detail);
}
