import { MillraceError } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { IntakeBudget } from './intake-budget.js';
import { OpenStretch } from './open-stretch.js';
import { PartitionIntake } from './partition-intake.js';

const logger = { warn: () => undefined } as never;
const limits = { rows: 3, bytes: 1e9, lagMs: 20, ageMs: 1000 };
const newStretch = (fromOffset: number) => new OpenStretch(fromOffset, { columns: [] } as never);
const parts = () => ({ newStretch, limits, logger, budget: new IntakeBudget(1e9) });
const offsetsOf = ({ rows, firstRow }: OpenStretch) => Array.from({ length: rows.rows - firstRow }, (_, index) => rows.numberAt(1, firstRow + index));

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
      staged.push([stretch.fromOffset, stretch.nextOffset, offsetsOf(stretch)]);
      return Promise.resolve();
    },
  };
}

function fill(intake: PartitionIntake, ...offsets: number[]): Promise<void> | null {
  for (const offset of offsets) {
    intake.stretch.rows.push({ _partition: 0, _offset: offset, _known_at: 0, _event_time: 0 });
    intake.stretch.cover(offset);
  }
  return intake.filled();
}

describe('the intake of a partition', () => {
  it('closes a segment at its limit of rows, and after silence', async () => {
    const shared = sharedPosition();
    const intake = new PartitionIntake(0, { ...parts(), ...shared });
    await fill(intake, 0, 1, 2);
    await fill(intake, 3);
    await eventually(() => expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 4, [3]]]));
  });

  it('leaves out what another process has staged meanwhile, and nothing else', async () => {
    const shared = sharedPosition();
    const [slow, quick] = [new PartitionIntake(0, { ...parts(), ...shared, limits: { ...limits, rows: 100, lagMs: 60_000, ageMs: 60_000 } }), new PartitionIntake(0, { ...parts(), ...shared })];
    await fill(slow, 0, 1, 2, 3, 4);
    await fill(quick, 0, 1, 2);
    await quick.stop();
    await slow.stop();
    expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 5, [3, 4]]]);
  });

  it('tries again what could not be staged, and keeps the order', async () => {
    const shared = sharedPosition();
    shared.place.failures = 2;
    const intake = new PartitionIntake(0, { ...parts(), ...shared });
    await fill(intake, 0, 1, 2);
    await fill(intake, 3, 4, 5);
    await eventually(() => expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 6, [3, 4, 5]]]));
    expect(await intake.settledOffset()).toBe(6);
  });

  it('takes no more than two stretches while staging stands still, and says when to go on', async () => {
    const shared = sharedPosition();
    const gate = Promise.withResolvers<void>();
    const intake = new PartitionIntake(0, { ...parts(), ...shared, stage: (stretch) => gate.promise.then(() => shared.stage(stretch)) });
    expect(fill(intake, 0, 1, 2)).toBeNull();
    const backlog = fill(intake, 3, 4, 5);
    expect(backlog).not.toBeNull();
    gate.resolve();
    await backlog;
    await eventually(() => expect(shared.place.staged).toEqual([[0, 3, [0, 1, 2]], [3, 6, [3, 4, 5]]]));
    expect(fill(intake, 6)).toBeNull();
    await intake.stop();
  });

  it('closes what is open when the process holds enough, and gives its memory back once it is staged', async () => {
    const shared = sharedPosition();
    const budget = new IntakeBudget(1);
    const intake = new PartitionIntake(0, { ...parts(), ...shared, budget });
    const backlog = fill(intake, 0);
    expect(budget.isSpent).toBe(true);
    await Promise.all([backlog, budget.room()]);
    expect([budget.bytes, shared.place.staged]).toEqual([0, [[0, 1, [0]]]]);
  });

  it('keeps what came under one version of a pipeline apart from what came under the next', async () => {
    const shared = sharedPosition();
    const intake = new PartitionIntake(0, { ...parts(), ...shared });
    void fill(intake, 0);
    intake.begin();
    void fill(intake, 1, 2, 3);
    await intake.stop();
    expect(shared.place.staged).toEqual([[0, 1, [0]], [1, 4, [1, 2, 3]]]);
  });
});
