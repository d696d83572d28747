import fc from 'fast-check';
import { lanesByKey } from './lanes-by-key.js';
import { nextOffset } from './next-offset.js';

const batches = fc
  .array(fc.record({ key: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null }), gap: fc.integer({ min: 1, max: 3 }) }), { maxLength: 40 })
  .map((parts) => {
    let offset = 0n;
    return parts.map(({ key, gap }) => ({ key, offset: (offset += BigInt(gap)) }));
  });

describe('lanes by key', () => {
  it('hold every record once, each key in one lane, in the order of the partition', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const lanes = lanesByKey(batch);
        expect(lanes.flat().sort((one, other) => Number(one.offset - other.offset))).toEqual(batch);
        for (const lane of lanes) {
          expect(new Set(lane.map(({ key }) => key)).size).toBe(1);
          expect(lane).toEqual(batch.filter(({ key }) => key === lane[0]?.key));
        }
        expect(lanes).toHaveLength(new Set(batch.map(({ key }) => key)).size);
      }),
    );
  });
});

describe('the offset to commit', () => {
  it('never passes a record that is not settled, and passes everything before the first such', () => {
    fc.assert(
      fc.property(batches, fc.array(fc.nat({ max: 39 })), (batch, picks) => {
        const offsets = batch.map(({ offset }) => offset);
        const settled = new Set(picks.flatMap((pick) => offsets[pick] ?? []));
        const next = nextOffset(offsets, settled);
        if (offsets.length === 0) return expect(next).toBeNull();
        const passed = offsets.filter((offset) => offset < (next ?? 0n));
        expect(passed.every((offset) => settled.has(offset))).toBe(true);
        expect(next === (offsets.at(-1) ?? 0n) + 1n || !settled.has(next ?? -1n)).toBe(true);
      }),
    );
  });
});

/** A reader and a writer of one partition over the same rules, in which anything may die at any step. */
describe('an event under crashes', () => {
  it('has one effect, in order per key, however often relay and reader die', () => {
    const steps = fc.array(fc.constantFrom('send', 'send-unmarked', 'handle', 'handle-uncommitted', 'handle-no-offset'), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 12 }), steps, (keys, crashes) => {
        const world = newWorld(keys);
        for (const step of crashes) world.step(step);
        while (!world.isDone()) {
          world.step('send');
          world.step('handle');
        }
        for (const key of ['a', 'b']) {
          expect(world.effects.filter((effect) => effect.key === key)).toEqual(keys.flatMap((one, id) => (one === key ? [{ key, id }] : [])));
        }
      }),
    );
  });
});

interface Sent {
  key: string;
  id: number;
}

/** Outbox rows in position order, a log with duplicates, an inbox of ids, an offset that may lag. */
function newWorld(keys: string[]): { effects: Sent[]; isDone(): boolean; step(step: string): void } {
  const outbox = keys.map((key, id) => ({ key, id, isPublished: false }));
  const log: Sent[] = [];
  const inbox = new Set<number>();
  const effects: Sent[] = [];
  let offset = 0;
  const send = (isMarked: boolean): void => {
    const batch = outbox.filter((row) => !row.isPublished).slice(0, 3);
    log.push(...batch.map(({ key, id }) => ({ key, id })));
    if (isMarked) for (const row of batch) row.isPublished = true;
  };
  const handle = (isCommitted: boolean, movesOffset: boolean): void => {
    const record = log[offset];
    if (!record || !isCommitted) return;
    if (!inbox.has(record.id)) effects.push(record);
    inbox.add(record.id);
    if (movesOffset) offset += 1;
  };
  return {
    effects,
    isDone: () => outbox.every(({ isPublished }) => isPublished) && offset === log.length,
    step: (step) => (step.startsWith('send') ? send(step === 'send') : handle(step !== 'handle-uncommitted', step === 'handle')),
  };
}
