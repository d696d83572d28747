import { HASH_BYTES, nodeHash, sameHash } from './rfc6962-hash.js';
import { subtreeHashes } from './subtree-hashes.js';
import type { Subtree } from './subtree-hashes.js';
import { splitOf } from './tree-node.js';
import type { NodeReader } from './tree-node.js';
import { refused } from './verdict.js';
import type { Verdict } from './verdict.js';

/** The claim that the tree of `newSize` entries begins with exactly the tree of `oldSize` entries. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * The proof that a tree only grew (RFC 6962 section 2.1.2). Throws a RangeError unless 0 < oldSize <= newSize: about the empty tree
 * there is nothing to prove.
 */
export async function proveConsistency(oldSize: number, newSize: number, read: NodeReader): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 1 || oldSize > newSize) {
    throw new RangeError(`There is no consistency proof from size ${oldSize} to size ${newSize}`);
  }
  return subtreeHashes(witnessesOf(oldSize, newSize), read);
}

function witnessesOf(oldSize: number, newSize: number): Subtree[] {
  const witnesses: Subtree[] = [];
  let start = 0;
  let end = newSize;
  while (oldSize < end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      witnesses.push({ start: middle, end });
      end = middle;
    } else {
      witnesses.push({ start, end: middle });
      start = middle;
    }
  }
  // The verifier knows the old root, so the old tree itself is only named when it is not a whole left subtree.
  if (start > 0) witnesses.push({ start, end });
  return witnesses.reverse();
}

/**
 * Checks a consistency proof (RFC 9162 section 2.1.4.2) by computing both roots from it. Equal sizes need equal roots and an empty
 * proof; size 0 is refused, because every tree continues the empty one and a proof would say nothing.
 */
export function verifyConsistency(claim: ConsistencyClaim): Verdict {
  const { oldSize, newSize, proof } = claim;
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 1) return refused(`consistency with a tree of ${oldSize} entries says nothing`);
  if (oldSize > newSize) return refused(`the newer tree has ${newSize} entries, the older ${oldSize}`);
  if ([claim.oldRoot, claim.newRoot, ...proof].some((hash) => hash.length !== HASH_BYTES)) return refused(`a hash is not ${HASH_BYTES} bytes`);
  const expected = witnessesOf(oldSize, newSize).length;
  if (proof.length !== expected) return refused(`the proof has ${proof.length} hashes, from ${oldSize} to ${newSize} it needs ${expected}`);
  if (oldSize === newSize) return sameHash(claim.oldRoot, claim.newRoot) ? { valid: true } : refused('two trees of the same size have different roots');
  const roots = rootsFromProof(claim);
  if (!sameHash(roots.oldRoot, claim.oldRoot)) return refused('the proof does not lead to the root of the older checkpoint');
  return sameHash(roots.newRoot, claim.newRoot) ? { valid: true } : refused('the proof does not lead to the root of the newer checkpoint');
}

function rootsFromProof({ oldSize, oldRoot, newSize, proof }: ConsistencyClaim): { oldRoot: Uint8Array; newRoot: Uint8Array } {
  let node = oldSize - 1;
  let last = newSize - 1;
  while (node % 2 === 1) {
    node = (node - 1) / 2;
    last = Math.floor(last / 2);
  }
  // An old tree whose size is a power of two is itself the first witness and is left out of the proof.
  const witnesses = node === 0 ? proof : proof.slice(1);
  const seed = node === 0 ? oldRoot : (proof[0] as Uint8Array);
  let older = seed;
  let newer = seed;
  for (const witness of witnesses) {
    while (node === last && node % 2 === 0) {
      node /= 2;
      last = Math.floor(last / 2);
    }
    if (node % 2 === 1) {
      older = nodeHash(witness, older);
      newer = nodeHash(witness, newer);
    } else {
      newer = nodeHash(newer, witness);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return { oldRoot: older, newRoot: newer };
}
