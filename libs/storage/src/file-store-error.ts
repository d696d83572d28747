import { MillraceError } from '@millrace/contracts';

/** Codes of a device without room, and of a user without quota. */
const fullCodes = ['ENOSPC', 'EDQUOT'];

/** What a failure of the file system means to a caller of the object store: `disk-full`, or `object-store-unavailable`. */
export function fileStoreError(what: string, error: unknown): MillraceError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (fullCodes.includes(code ?? '')) return new MillraceError('disk-full', `There is no room left for ${what}`, { cause: error });
  return new MillraceError('object-store-unavailable', `The object store failed at ${what}: ${message}`, { cause: error });
}
