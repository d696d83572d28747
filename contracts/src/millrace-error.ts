import { errorTable } from './generated/errors.js';
import type { ErrorCode } from './generated/errors.js';

/** The kind decides everything: HTTP status, and whether an event is retried, parked or set aside. */
export type ErrorKind = 'invalid' | 'forbidden' | 'not-found' | 'conflict' | 'unavailable' | 'internal';

/** An entry of contracts/errors.yaml. */
export interface ErrorDescription {
  kind: ErrorKind;
  title: string;
  /** What the person who meets it can do. */
  todo: string;
  /** HTTP status: the kind's, unless the code has one of its own. */
  status: number;
}

/** The one error of Millrace. `detail` is a sentence for this occurrence; `fields` are its facts, shown to the caller. */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly fields: Readonly<Record<string, unknown>>;

  /** @param options `cause` is kept for the log and never shown; every other member is a field of the problem document. */
  constructor(code: ErrorCode, detail: string, { cause, ...fields }: { cause?: unknown } & Record<string, unknown> = {}) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'MillraceError';
    this.code = code;
    this.detail = detail;
    this.fields = fields;
  }

  get kind(): ErrorKind {
    return errorTable[this.code].kind;
  }

  get title(): string {
    return errorTable[this.code].title;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}
