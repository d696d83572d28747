import fc from 'fast-check';
import { appendLeaves, emptyRange, readRange, rootOf } from './compact-range.js';
import { proveConsistency, verifyConsistency } from './consistency-proof.js';
import { proveInclusion, verifyInclusion } from './inclusion-proof.js';
import { emptyRoot, leafHash, nodeHash } from './rfc6962-hash.js';
import type { NodeReader } from './tree-node.js';
import { splitOf } from './tree-node.js';

const leavesOf = (count: number) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`entry ${at}`)));

/** The tree as RFC 6962 section 2.1 writes it down, recursive and slow: what the incremental one is held against. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length < 2) return leaves[0] ?? emptyRoot();
  const middle = splitOf(leaves.length);
  return nodeHash(rootByDefinition(leaves.slice(0, middle)), rootByDefinition(leaves.slice(middle)));
}

function storeOf(leaves: readonly Uint8Array[]): NodeReader {
  const hashes = new Map(appendLeaves(emptyRange(), leaves).nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return (nodes) => Promise.resolve(nodes.map(({ level, index }) => hashes.get(`${level}/${index}`) as Uint8Array));
}

function flipBit(hash: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(hash);
  flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
  return flipped;
}

const MAX_SIZE = 70;
const LEAVES = leavesOf(MAX_SIZE);
const READ = storeOf(LEAVES);
const ROOTS = LEAVES.map((_, at) => rootByDefinition(LEAVES.slice(0, at + 1)));
const rootAt = (size: number) => ROOTS[size - 1] as Uint8Array;

const someEntry = fc.integer({ min: 1, max: MAX_SIZE }).chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));
const twoSizes = fc.integer({ min: 1, max: MAX_SIZE }).chain((newSize) => fc.record({ newSize: fc.constant(newSize), oldSize: fc.integer({ min: 1, max: newSize }) }));

describe('the tree', () => {
  it('has the root of its definition however the appends are batched', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 12 }), (batches) => {
        let range = emptyRange();
        for (const batch of batches) range = appendLeaves(range, LEAVES.slice(range.size, range.size + batch)).next;
        expect(rootOf(range)).toEqual(rootByDefinition(LEAVES.slice(0, range.size)));
      }),
    );
  });

  it('goes on from its stored nodes as if it had never stopped', async () => {
    for (let size = 0; size < MAX_SIZE; size += 1) {
      const range = await readRange(size, READ);
      expect(rootOf(appendLeaves(range, LEAVES.slice(size)).next)).toEqual(rootAt(MAX_SIZE));
    }
  });
});

describe('inclusion', () => {
  it('is proved for every entry of every tree', async () => {
    for (let size = 1; size <= MAX_SIZE; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await proveInclusion(index, size, READ);
        expect(verifyInclusion({ index, size, leafHash: LEAVES[index] as Uint8Array, proof, root: rootAt(size) })).toEqual({ valid: true });
      }
    }
  });

  it('is refused when any bit of leaf, root or proof is flipped', async () => {
    await fc.assert(
      fc.asyncProperty(someEntry, fc.nat(), fc.nat(255), async ({ index, size }, which, bit) => {
        const parts = [LEAVES[index] as Uint8Array, rootAt(size), ...(await proveInclusion(index, size, READ))];
        const [leaf, root, ...proof] = parts.map((part, at) => (at === which % parts.length ? flipBit(part, bit) : part));
        expect(verifyInclusion({ index, size, leafHash: leaf as Uint8Array, root: root as Uint8Array, proof }).valid).toBe(false);
      }),
    );
  });

  it('is refused for another place in the same tree', async () => {
    await fc.assert(
      fc.asyncProperty(someEntry, fc.nat(), async ({ index, size }, shift) => {
        const other = (index + 1 + (shift % size)) % size;
        fc.pre(other !== index);
        const proof = await proveInclusion(index, size, READ);
        expect(verifyInclusion({ index: other, size, leafHash: LEAVES[index] as Uint8Array, proof, root: rootAt(size) }).valid).toBe(false);
      }),
    );
  });

  it('is refused when the proof is a hash longer or shorter, or the entry lies outside the tree', async () => {
    await fc.assert(
      fc.asyncProperty(someEntry, async ({ index, size }) => {
        const claim = { index, size, leafHash: LEAVES[index] as Uint8Array, proof: await proveInclusion(index, size, READ), root: rootAt(size) };
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, rootAt(1)] }).valid).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [rootAt(1), ...claim.proof] }).valid).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, claim.root] }).valid).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...claim, proof: claim.proof.slice(0, -1) }).valid).toBe(false);
        expect(verifyInclusion({ ...claim, index: size }).valid).toBe(false);
        expect(verifyInclusion({ ...claim, index: -1 }).valid).toBe(false);
        expect(verifyInclusion({ ...claim, size: 0 }).valid).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: claim.leafHash.subarray(1) }).valid).toBe(false);
      }),
    );
  });
});

describe('consistency', () => {
  it('is proved between any two sizes', async () => {
    for (let newSize = 1; newSize <= MAX_SIZE; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const proof = await proveConsistency(oldSize, newSize, READ);
        expect(verifyConsistency({ oldSize, oldRoot: rootAt(oldSize), newSize, newRoot: rootAt(newSize), proof })).toEqual({ valid: true });
      }
    }
  });

  it('is refused when any bit of a root or of the proof is flipped', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.nat(), fc.nat(255), async ({ oldSize, newSize }, which, bit) => {
        const parts = [rootAt(oldSize), rootAt(newSize), ...(await proveConsistency(oldSize, newSize, READ))];
        const [oldRoot, newRoot, ...proof] = parts.map((part, at) => (at === which % parts.length ? flipBit(part, bit) : part));
        expect(verifyConsistency({ oldSize, oldRoot: oldRoot as Uint8Array, newSize, newRoot: newRoot as Uint8Array, proof }).valid).toBe(false);
      }),
    );
  });

  it('is refused when an entry that the older tree held was changed', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.nat(), async ({ oldSize, newSize }, which) => {
        const changed = LEAVES.slice(0, newSize);
        changed[which % oldSize] = leafHash(Buffer.from('another entry'));
        const proof = await proveConsistency(oldSize, newSize, storeOf(changed));
        expect(verifyConsistency({ oldSize, oldRoot: rootAt(oldSize), newSize, newRoot: rootByDefinition(changed), proof }).valid).toBe(false);
      }),
    );
  });

  it('says nothing about the empty tree, a shrunken one, or with a proof of another length', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, async ({ oldSize, newSize }) => {
        const claim = { oldSize, oldRoot: rootAt(oldSize), newSize, newRoot: rootAt(newSize), proof: await proveConsistency(oldSize, newSize, READ) };
        expect(verifyConsistency({ ...claim, oldSize: 0, oldRoot: emptyRoot() }).valid).toBe(false);
        expect(verifyConsistency({ ...claim, newSize: oldSize - 1 }).valid).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...claim.proof, rootAt(1)] }).valid).toBe(false);
        if (claim.proof.length > 0) expect(verifyConsistency({ ...claim, proof: claim.proof.slice(1) }).valid).toBe(false);
      }),
    );
  });
});
