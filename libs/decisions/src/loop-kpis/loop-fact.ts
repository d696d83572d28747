import type { PairedBlock } from '../evaluation/paired-blocks.js';

/** What happened in a pipeline's loop, as its events tell. Times are ISO; `at` is processing time. */
export type LoopFact =
  | { fact: 'incident-raised'; incident: string; kind: string; changePoint: string; detectedAt: string; modelVersion: number }
  | { fact: 'incident-resolved'; incident: string; changePoint: string; resolvedAt: string }
  | { fact: 'run-requested'; run: string; cause: string; asOf: string }
  | { fact: 'run-completed'; run: string; durationMs: number }
  | { fact: 'run-failed'; run: string }
  | { fact: 'run-cancelled'; run: string }
  | { fact: 'run-evaluated'; run: string; recent: PairedBlock[] }
  | { fact: 'version-rejected'; run: string; verdict: string }
  | { fact: 'rollout-completed'; run: string; modelVersion: number; previousModelVersion: number | null }
  | { fact: 'rollout-started'; run: string; modelVersion: number }
  | { fact: 'rolled-back'; modelVersion: number };

export interface TimedFact {
  /** Processing time, milliseconds since 1970. */
  atMs: number;
  fact: LoopFact;
}

/** Losses of a version and the one before on the same live requests. */
export interface RealisedPairs {
  modelVersion: number;
  otherModelVersion: number;
  blocks: readonly PairedBlock[];
}

/** Mean losses of a version's window with outcomes, and what is usual. */
export interface ServedLoss {
  from: string;
  to: string;
  rows: number;
  meanLoss: number;
  usualLoss: number;
}
