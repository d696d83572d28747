import type { ErrorCode, ErrorKind, MillraceError } from '@millrace/contracts';

/** Why an event could not be handled, as it stands in `parked` and `dead_letters`. */
export interface Failure {
  code: ErrorCode;
  kind: ErrorKind;
  detail: string;
  /** Message of what was thrown, when that was not one of our errors. */
  cause?: string;
  [field: string]: unknown;
}

export function failureOf(error: MillraceError): Failure {
  const { code, kind, detail, fields, cause } = error;
  return { ...fields, code, kind, detail, ...(cause instanceof Error ? { cause: cause.message } : {}) };
}

/** Reason of an event that waits behind another of its key. */
export const waitsBehind = { code: 'waits-behind', detail: 'An earlier event of the same key waits' };

/** Reason of an event whose type the leading process does not handle: one of a newer release has parked it. */
export const handledElsewhere: Failure = { code: 'service-unavailable', kind: 'unavailable', detail: 'It waits for a process of the release that handles events of its type' };
