import { HASH_BYTES, nodeHash, sameHash } from './rfc6962-hash.js';
import { subtreeHashes } from './subtree-hashes.js';
import type { Subtree } from './subtree-hashes.js';
import { splitOf } from './tree-node.js';
import type { NodeReader } from './tree-node.js';
import { refused } from './verdict.js';
import type { Verdict } from './verdict.js';

/** The claim that the entry with `leafHash` is entry `index` of the tree with `size` entries and the root `root`. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * The audit path of entry `index` in the tree of the first `size` entries (RFC 6962 section 2.1.1), from the leaf's sibling to the
 * root's child. Throws a RangeError when there is no such entry.
 */
export async function proveInclusion(index: number, size: number, read: NodeReader): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new RangeError(`A tree of ${size} entries has no entry ${index}`);
  }
  return subtreeHashes(siblingsOf(index, size), read);
}

function siblingsOf(index: number, size: number): Subtree[] {
  const siblings: Subtree[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      siblings.push({ start: middle, end });
      end = middle;
    } else {
      siblings.push({ start, end: middle });
      start = middle;
    }
  }
  return siblings.reverse();
}

/** Checks an audit path (RFC 9162 section 2.1.3.2). A path that is a hash too long or too short is refused as well. */
export function verifyInclusion(claim: InclusionClaim): Verdict {
  const { index, size, proof } = claim;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    return refused(`entry ${index} is not in a tree of ${size} entries`);
  }
  if ([claim.leafHash, claim.root, ...proof].some((hash) => hash.length !== HASH_BYTES)) return refused(`a hash is not ${HASH_BYTES} bytes`);
  const expected = siblingsOf(index, size).length;
  if (proof.length !== expected) return refused(`the proof has ${proof.length} hashes, entry ${index} of ${size} needs ${expected}`);
  return sameHash(rootFromPath(claim), claim.root) ? { valid: true } : refused('the proof does not lead to the root of the checkpoint');
}

function rootFromPath({ index, size, leafHash, proof }: InclusionClaim): Uint8Array {
  let node = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    // A node without a right sibling is carried up unchanged until it is a right child.
    while (node === last && node % 2 === 0) {
      node /= 2;
      last = Math.floor(last / 2);
    }
    hash = node % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return hash;
}
