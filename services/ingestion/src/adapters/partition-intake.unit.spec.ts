import { MillraceError } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { addRecord } from './open-stretch.js';
import type { OpenStretch } from './open-stretch.js';
import { PartitionIntake } from './partition-intake.js';

const logger = { warn: () => undefined } as never;
const limits = { rows: 3, bytes: 1e9, lagMs: 20, ageMs: 1000 };

/** A position that several processes move, as the database keeps it. */
function sharedPosition() {
  const staged: [number, number, number[]][] = [];
  const place = { next: 0, staged, failures: 0 };
  return {
    place,
    position: () => Promise.resolve(place.next),
    stage: (stretch: OpenStretch) => {
      if (place.failures > 0) {
        place.failures -= 1;
        return Promise.reject(new MillraceError('object-store-unavailable', 'away'));
      }
      if (stretch.fromOffset !== place.next) return Promise.reject(new MillraceError('offset-conflict', 'moved'));
      place.next = stretch.nextOffset;
      staged.push([stretch.fromOffset, stretch.nextOffset, stretch.rows.map((row) => row._offset)]);
      return Promise.resolve();
    },
  };
}

const fill = (...offsets: number[]) => (stretch: OpenStretch) => {
  for (const offset of offsets) {
    const record = { topic: 't', partition: 0, offset: BigInt(offset), key: 'k', value: Buffer.from('{}'), headers: {}, timestampMs: 0 };
    addRecord(stretch, record, { accepted: true, row: {}, eventTimeMs: 0, knownAtMs: 0, warnings: [] });
  }
};

describe('the intake of a partition', () => {
  it('closes a segment at its limit of rows, and after silence', async () => {
    const shared = sharedPosition();
    const intake = new PartitionIntake(0, { ...shared, limits, logger });
    await intake.take(fill(0, 1, 2));
    await intake.take(fill(3));
    await eventually(() => expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 4, [3]]]));
  });

  it('leaves out what another process has staged meanwhile, and nothing else', async () => {
    const shared = sharedPosition();
    const [slow, quick] = [new PartitionIntake(0, { ...shared, limits: { ...limits, rows: 100, lagMs: 60_000, ageMs: 60_000 }, logger }), new PartitionIntake(0, { ...shared, limits, logger })];
    await slow.take(fill(0, 1, 2, 3, 4));
    await quick.take(fill(0, 1, 2));
    await quick.stop();
    await slow.stop();
    expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 5, [3, 4]]]);
  });

  it('tries again what could not be staged, and keeps the order', async () => {
    const shared = sharedPosition();
    shared.place.failures = 2;
    const intake = new PartitionIntake(0, { ...shared, limits, logger });
    await intake.take(fill(0, 1, 2));
    await intake.take(fill(3, 4, 5));
    await eventually(() => expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 6, [3, 4, 5]]]));
    expect(await intake.settledOffset()).toBe(6);
  });
});
