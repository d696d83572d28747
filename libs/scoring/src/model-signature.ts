/** Which features a model takes and what it answers; the same shape travels in events and routes. */
export interface ModelSignature {
  task: 'binary-classification' | 'regression';
  /** One ONNX input of shape [n, 1] per feature, by name. A nullable double arrives as NaN, a nullable string as ''. */
  inputs: readonly ModelInput[];
  /** `probability`: of class 1. `value`: the regressed number in the label's unit. */
  output: 'probability' | 'value';
}

export interface ModelInput {
  name: string;
  type: 'double' | 'string' | 'long';
  nullable?: boolean;
}

/** The features of one row by name. */
export type FeatureRow = Readonly<Record<string, number | string | null>>;
