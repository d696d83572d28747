import fc from 'fast-check';
import { decidePublication } from './decide-publication.js';
import type { OpenSegment } from './decide-publication.js';

const verdict = fc.constantFrom('open' as const, 'accepted' as const, 'rejected' as const);
const segments = fc.array(fc.record({ partition: fc.integer({ min: 0, max: 2 }), rows: fc.integer({ min: 0, max: 2 }), verdict }), { maxLength: 20 }).map((drawn) => {
  const next = new Map<number, number>();
  return drawn.map((one, index): OpenSegment => {
    const fromOffset = next.get(one.partition) ?? 0;
    next.set(one.partition, fromOffset + 10);
    return { ...one, segment: `s${index}`, fromOffset, toOffset: fromOffset + 9 };
  });
});

describe('publication', () => {
  it('never publishes or passes a segment behind one without a verdict', () => {
    fc.assert(fc.property(segments, (open) => {
      const { publish, pass } = decidePublication(open);
      for (const left of [...publish, ...pass]) {
        const before = open.filter((other) => other.partition === left.partition && other.fromOffset <= left.fromOffset);
        expect(before.every((other) => other.verdict !== 'open')).toBe(true);
      }
    }));
  });

  it('reaches the same end whatever the order of the verdicts, each segment once and in offset order', () => {
    fc.assert(fc.property(segments, fc.infiniteStream(fc.nat()), (final, order) => {
      const decided = final.map((one) => ({ ...one, verdict: one.verdict === 'open' ? ('accepted' as const) : one.verdict }));
      let waiting: OpenSegment[] = decided.map((one) => ({ ...one, verdict: 'open' as const }));
      const published: OpenSegment[] = [];
      const undecided = [...decided];
      while (undecided.length > 0) {
        const [next] = undecided.splice((order.next().value as number) % undecided.length, 1);
        waiting = waiting.map((one) => (one.segment === next?.segment ? next : one));
        const { publish, pass } = decidePublication(waiting);
        published.push(...publish);
        const gone = new Set([...publish, ...pass].map((one) => one.segment));
        waiting = waiting.filter((one) => !gone.has(one.segment));
      }
      expect(waiting).toEqual([]);
      expect(published.map((one) => one.segment).sort()).toEqual(decided.filter((one) => one.verdict === 'accepted' && one.rows > 0).map((one) => one.segment).sort());
      for (const partition of [0, 1, 2]) {
        const offsets = published.filter((one) => one.partition === partition).map((one) => one.fromOffset);
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      }
    }));
  });
});
