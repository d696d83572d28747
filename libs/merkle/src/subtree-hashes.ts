import { nodeHash } from './rfc6962-hash.js';
import { completeNodesOf } from './tree-node.js';
import type { NodeReader } from './tree-node.js';

/** The leaves `[start, end)` of a subtree as RFC 6962 splits them. */
export interface Subtree {
  readonly start: number;
  readonly end: number;
}

/** Hashes of subtrees, also of ragged ones at the right border, with one read of the complete nodes they are made of. */
export async function subtreeHashes(subtrees: readonly Subtree[], read: NodeReader): Promise<Uint8Array[]> {
  const pieces = subtrees.map(({ start, end }) => completeNodesOf(start, end));
  const hashes = subtrees.length === 0 ? [] : await read(pieces.flat());
  let taken = 0;
  return pieces.map((nodes) => {
    const own = hashes.slice(taken, (taken += nodes.length));
    return own.reduceRight((right, left) => nodeHash(left, right));
  });
}
