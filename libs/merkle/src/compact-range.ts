import { emptyRoot, nodeHash } from './rfc6962-hash.js';
import { completeNodesOf } from './tree-node.js';
import type { NodeReader, TreeNode } from './tree-node.js';

/**
 * All that is needed to append to a log and to know its root: the hashes of the complete subtrees that make up the tree, largest
 * first. At most 53 hashes, whatever the size.
 */
export interface CompactRange {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

export interface Appended {
  readonly next: CompactRange;
  /** Every node that became complete, in the order in which it did: for a leaf its own level 0 node first, then its ancestors. */
  readonly nodes: readonly TreeNode[];
}

/** The range of the log without entries. */
export function emptyRange(): CompactRange {
  return { size: 0, peaks: [] };
}

/** Appends leaf hashes to a log and names the nodes that became complete, for the caller to store. */
export function appendLeaves(range: CompactRange, leafHashes: readonly Uint8Array[]): Appended {
  const peaks = [...range.peaks];
  const nodes: TreeNode[] = [];
  let size = range.size;
  for (const leaf of leafHashes) {
    let node: TreeNode = { level: 0, index: size, hash: leaf };
    nodes.push(node);
    while (node.index % 2 === 1) {
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(peaks.pop() as Uint8Array, node.hash) };
      nodes.push(node);
    }
    peaks.push(node.hash);
    size += 1;
  }
  return { next: { size, peaks }, nodes };
}

/** The root hash of a log (RFC 6962 section 2.1), folded from its smallest subtree to its largest. */
export function rootOf(range: CompactRange): Uint8Array {
  return range.peaks.length === 0 ? emptyRoot() : range.peaks.reduceRight((right, left) => nodeHash(left, right));
}

/** Reads the range of the tree of the first `size` leaves back from a store of nodes, so that a restart needs no leaves. */
export async function readRange(size: number, read: NodeReader): Promise<CompactRange> {
  return { size, peaks: size === 0 ? [] : await read(completeNodesOf(0, size)) };
}
