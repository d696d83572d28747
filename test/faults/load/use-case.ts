/** Six hours of a use case's world: records of what is predicted, and what became known of earlier ones. */
export interface Quarter {
  readings: readonly Record<string, unknown>[];
  outcomes: readonly Record<string, unknown>[];
}

/** A pipeline with its world, as a load can play it. */
export interface UseCase {
  name: string;
  logging: 'durable' | 'best-effort';
  approval: 'automatic' | 'person';
  /** How its records are sent. */
  door: 'kafka' | 'http';
  /** Names of its two data sets. */
  sets: { readings: string; outcomes: string };
  /** Column that is the key of both. */
  keyColumn: string;
  /** Quarters that are sent before the first model is waited for. */
  launchQuarters: number;
  code: readonly { path: string; contentBase64: string }[];
  /** The pipeline's file. `revision` changes what nobody waits for, so that it can be applied again and again. */
  fileOf(revision: number): string;
  quarterOf(seed: number, number: number): Quarter;
}

/** Ids of a use case's data sets, its prediction log among them. */
export function dataSetsOf({ name, sets }: UseCase): string[] {
  return [`default/${sets.readings}`, `default/${sets.outcomes}`, `default/${name}.predictions`];
}
