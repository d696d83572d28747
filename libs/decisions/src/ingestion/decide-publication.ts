/** A segment that is not published yet, as its row knows it. */
export interface OpenSegment {
  segment: string;
  partition: number;
  fromOffset: number;
  toOffset: number;
  /** 0: nothing to publish, only the position moves. */
  rows: number;
  verdict: 'open' | 'accepted' | 'rejected';
}

export interface PublicationDecision {
  /** Segments for the next version, per partition in offset order. */
  publish: OpenSegment[];
  /** Segments that only move the position: rejected ones, and accepted ones without rows. */
  pass: OpenSegment[];
}

/**
 * What may leave now. Per partition segments leave in offset order, whatever the order of the verdicts: behind one without a verdict everything
 * waits, or a later offset in the table would make the earlier segment look applied. Rejected segments count as left.
 */
export function decidePublication(segments: readonly OpenSegment[]): PublicationDecision {
  const decision: PublicationDecision = { publish: [], pass: [] };
  const blocked = new Set<number>();
  const ordered = [...segments].sort((a, b) => a.partition - b.partition || a.fromOffset - b.fromOffset);
  for (const segment of ordered) {
    if (segment.verdict === 'open') blocked.add(segment.partition);
    if (blocked.has(segment.partition)) continue;
    const hasRows = segment.verdict === 'accepted' && segment.rows > 0;
    (hasRows ? decision.publish : decision.pass).push(segment);
  }
  return decision;
}
