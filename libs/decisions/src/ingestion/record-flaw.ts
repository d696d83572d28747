export type RecordFlawCode =
  | 'empty-record'
  | 'record-too-large'
  | 'cloudevents-batch'
  | 'unsupported-specversion'
  | 'unsupported-content-type'
  | 'invalid-envelope'
  | 'invalid-json'
  | 'not-an-object'
  | 'missing-key'
  | 'key-mismatch'
  | 'unknown-field'
  | 'missing-column'
  | 'wrong-type'
  | 'number-too-large'
  | 'zero-character'
  | 'out-of-range'
  | 'not-allowed'
  | 'pattern-mismatch'
  | 'in-the-future';

export interface RecordFlaw {
  code: RecordFlawCode;
  /** A sentence that names the column and the value. */
  detail: string;
}
