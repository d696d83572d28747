/** What is wrong with a part of the file; stable, for programs. */
export type PipelineFlawCode =
  | 'unreadable'
  | 'unknown-field'
  | 'missing-field'
  | 'wrong-type'
  | 'invalid-value'
  | 'duplicate'
  | 'reserved-name'
  | 'unknown-column'
  | 'unknown-data-set'
  | 'does-not-fit';

/** One mistake in a pipeline file, where it stands (line and column count from 1) and what to do. */
export interface PipelineFlaw {
  line: number;
  column: number;
  /** Dotted path, list positions in brackets: `features.hour.hourOf`, `rollout.canary[1].traffic`; empty for the document. */
  path: string;
  message: string;
  code: PipelineFlawCode;
}
