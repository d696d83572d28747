import type { ServiceName } from '@millrace/contracts';
import { drawIdsFrom } from '../uuid.js';
import { Checker } from './checker.js';
import { Platform } from './platform.js';
import type { Planted, PlatformShape } from './platform.js';
import { Random } from './random.js';
import { Violation, World } from './world.js';

export interface ScheduleOptions {
  isTraced?: boolean;
  planted?: Planted;
}

export interface ScheduleResult {
  seed: number;
  steps: number;
  /** Null: everything held. */
  violation: string | null;
  trace: string[] | null;
}

const troubleMs = 20_000;
const drainMs = 900_000;
const serviceSets: ServiceName[][] = [['training', 'deployment'], ['training', 'governance'], ['training', 'deployment', 'governance'], ['training', 'deployment', 'governance', 'registry']];

/** One schedule: some traffic, some faults, then calm until everything has drained. The seed decides everything. */
export async function runSchedule(seed: number, { isTraced = false, planted = {} }: ScheduleOptions = {}): Promise<ScheduleResult> {
  const world = new World(seed, { isTraced });
  const ids = new Random(~seed);
  drawIdsFrom((bytes) => {
    for (let place = 0; place < bytes.length; place += 4) bytes.writeUInt32LE(ids.between(0, 0xffffffff), place);
  });
  const platform = new Platform(world, shapeOf(world), planted);
  const checker = new Checker(platform);
  let violation: string | null = null;
  try {
    planTraffic(platform);
    planFaults(platform);
    await world.run(troubleMs);
    requireNone(checker.faults());
    world.isCalm = true;
    world.note(() => 'nothing goes wrong any more');
    await world.run(drainMs, () => world.steps % 20 === 0 && checker.isDrained());
    requireNone(checker.faults());
    if (!checker.isDrained()) throw new Violation(`${drainMs / 60_000} minutes after the last fault: ${[...checker.losses()].join('; ') || 'something is unsent or parked'}`);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error.message;
    world.note(() => `VIOLATION ${violation}`);
  } finally {
    drawIdsFrom();
  }
  return { seed, steps: world.steps, violation, trace: world.trace };
}

function requireNone(faults: Iterable<string>): void {
  for (const fault of faults) throw new Violation(fault);
}

function shapeOf({ random }: World): PlatformShape {
  const services = random.pick(serviceSets);
  return {
    services,
    replicas: random.pick([1, 1, 2]),
    partitions: random.pick([1, 1, 2]),
    keys: random.between(1, 3),
    faultRate: random.pick([0, 0.005, 0.02, 0.05]),
    troubled: random.pick([0, 0.1, 0.4]),
    hasLane: services.includes('governance') && random.chance(0.4),
  };
}

function planTraffic(platform: Platform): void {
  const { world, shape } = platform;
  const times = world.random.between(1, 5);
  for (let index = 0; index < times; index += 1) {
    const atMs = world.random.between(500, troubleMs - 2_000);
    for (let together = world.random.pick([1, 1, 3]); together > 0; together -= 1) world.after(atMs + world.random.next() * 5, () => platform.begin());
  }
  if (shape.hasLane) for (let index = 0; index < 3; index += 1) world.after(world.random.between(0, troubleMs - 2_000), () => platform.produce());
}

/** Kills, standstills, restarts and the like, at moments of their own. */
function planFaults(platform: Platform): void {
  const { world, cluster, database } = platform;
  const { random } = world;
  const someone = () => random.pick([...platform.services.values()]);
  const faults: (() => void)[] = [
    () => someone().process.kill(),
    () => someone().process.kill(),
    () => someone().process.standStill(random.between(100, 12_000)),
    () => void someone().stop(),
    () => cluster.restart(random.between(10, 4_000)),
    () => database.restart(random.between(10, 4_000)),
    () => database.cutLeaders(),
    () => cluster.loseCommits(),
    () => platform.replay(),
    () => cluster.groups.forEach((group) => group.rebalance()),
  ];
  const count = random.between(0, 5);
  for (let index = 0; index < count; index += 1) {
    const fault = random.pick(faults);
    world.after(random.between(100, troubleMs - 500), () => (platform.services.size > 0 ? fault() : undefined));
  }
}
