import { verifyCheckpoint } from './checkpoint.js';
import type { Checkpoint, LogPolicy } from './checkpoint.js';
import { verifyConsistency } from './consistency-proof.js';
import type { Verdict } from './verdict.js';

/** Two signed checkpoints of one log and the hashes that connect them. */
export interface CheckpointPair {
  readonly older: string;
  readonly newer: string;
  readonly proof: readonly Uint8Array[];
}

/** Checks offline that between two checkpoints entries were only added: both signatures, then the consistency proof. */
export function verifyCheckpointConsistency(pair: CheckpointPair, policy: LogPolicy): Verdict<{ readonly older: Checkpoint; readonly newer: Checkpoint }> {
  const older = verifyCheckpoint(pair.older, policy);
  if (!older.valid) return older;
  const newer = verifyCheckpoint(pair.newer, policy);
  if (!newer.valid) return newer;
  const [before, after] = [older.checkpoint, newer.checkpoint];
  const grew = verifyConsistency({ oldSize: before.size, oldRoot: before.root, newSize: after.size, newRoot: after.root, proof: pair.proof });
  return grew.valid ? { valid: true, older: before, newer: after } : grew;
}
