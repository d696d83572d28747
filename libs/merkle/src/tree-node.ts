/**
 * Address of a complete inner node: at `level` the node `index` covers the leaves from `index * 2^level` up to, but not including,
 * `(index + 1) * 2^level`. Level 0 are the leaf hashes. A complete node never changes.
 */
export interface NodeAddress {
  readonly level: number;
  readonly index: number;
}

export interface TreeNode extends NodeAddress {
  readonly hash: Uint8Array;
}

/** Reads the hashes of complete nodes, in the order asked. The library does no I/O of its own: the caller brings this function. */
export type NodeReader = (nodes: readonly NodeAddress[]) => Promise<readonly Uint8Array[]>;

/**
 * The complete nodes, left to right, whose union is the leaves `[start, end)`, for a `start` that is a multiple of the smallest
 * power of two that is at least `end - start` (every subtree of an RFC 6962 tree begins at such a place).
 */
export function completeNodesOf(start: number, end: number): NodeAddress[] {
  const nodes: NodeAddress[] = [];
  for (let position = start; position < end; ) {
    const level = floorLog2(end - position);
    nodes.push({ level, index: position / 2 ** level });
    position += 2 ** level;
  }
  return nodes;
}

/** The largest power of two that is smaller than `count` (RFC 6962: where a tree of `count` leaves is split). `count` is at least 2. */
export function splitOf(count: number): number {
  return 2 ** floorLog2(count - 1);
}

/** Math.log2 rounds up just below large powers of two; counting bits does not. `value` is from 1 to 2^53. */
function floorLog2(value: number): number {
  return value < 2 ** 32 ? 31 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / 2 ** 32));
}
