import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateMachineDays } from '../../../examples/machine-wear/generate.ts';
import type { MachineDay } from '../../../examples/machine-wear/generate.ts';
import type { Quarter, UseCase } from './use-case.ts';

const example = join(import.meta.dirname, '../../../examples/machine-wear');
const days = 1_000;
const changeDay = 14;
const quartersPerDay = 4;
/** Worlds by seed, made day by day as they are played. */
const worlds = new Map<number, { days: Iterator<MachineDay>; quarters: Quarter[] }>();

/** The seeded example with its own training command, drift, shadow, canary and bake time: after some days its world changes, and it retrains by itself. */
export const machineWear: UseCase = {
  name: 'machine-wear', logging: 'best-effort', approval: 'automatic', door: 'kafka', sets: { readings: 'machine-readings', outcomes: 'machine-outcomes' }, keyColumn: 'reading_id', launchQuarters: 40,
  code: [{ path: 'train.py', contentBase64: readFileSync(join(example, 'train.py')).toString('base64') }],
  fileOf: (revision) => readFileSync(join(example, 'pipeline.yaml'), 'utf8').replace('How far', `Revision ${revision}, how far`),
  quarterOf,
};

function quarterOf(seed: number, number: number): Quarter {
  const world = worlds.get(seed) ?? { days: generateMachineDays({ seed, days, conceptChangeDay: changeDay }), quarters: [] };
  worlds.set(seed, world);
  while (world.quarters.length <= number) {
    const next = world.days.next();
    if (next.done === true) return { readings: [], outcomes: [] };
    world.quarters.push(...quartersOf(next.value));
  }
  return world.quarters[number] ?? { readings: [], outcomes: [] };
}

function quartersOf({ day, readings, outcomes }: MachineDay): Quarter[] {
  return Array.from({ length: quartersPerDay }, (_, index) => {
    const isIn = (time: string): boolean => Math.floor(((Date.parse(time) - Date.parse(day)) / 86_400_000) * quartersPerDay) === index;
    return { readings: readings.filter(({ event_time }) => isIn(event_time)).map((reading) => ({ ...reading })), outcomes: outcomes.filter(({ measured_at }) => isIn(measured_at)).map((outcome) => ({ ...outcome })) };
  });
}
