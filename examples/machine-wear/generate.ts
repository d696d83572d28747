import { SeededRandom } from './seeded-random.ts';

/** What a machine reports while it works: a record of the data set `machine-readings`. */
export interface MachineReading {
  reading_id: string;
  event_time: string;
  machine_id: string;
  product: 'gear' | 'housing' | 'shaft';
  temperature_c: number;
  load_ratio: number;
  /** In bar, unless the planted incident sends psi. */
  coolant_pressure_bar: number;
}

/** The wear of the tool found by inspection some hours after the reading: a record of `machine-outcomes`. */
export interface MachineOutcome {
  reading_id: string;
  machine_id: string;
  /** When the reading was taken. */
  event_time: string;
  /** When the wear became known. */
  measured_at: string;
  wear_um: number;
}

/** One day of records: readings by event time, outcomes by the time they became known that day. */
export interface MachineDay {
  day: string;
  readings: MachineReading[];
  outcomes: MachineOutcome[];
}

/** Days are counted from 0; `undefined` leaves a planted change out. */
export interface MachineWearOptions {
  seed: number;
  days: number;
  firstDay: string;
  machines: number;
  readingsPerMachineAndDay: number;
  /** From this day on wear follows the temperature instead of the load; no input changes. */
  conceptChangeDay?: number | undefined;
  /** From `fromDay` until before `toDay` the coolant pressure is sent in psi instead of bar. */
  pressureInPsi?: { fromDay: number; toDay: number } | undefined;
}

export const machineWearDefaults: MachineWearOptions = {
  seed: 20260302,
  days: 42,
  firstDay: '2026-03-02',
  machines: 20,
  readingsPerMachineAndDay: 12,
  conceptChangeDay: 20,
  pressureInPsi: { fromDay: 32, toDay: 35 },
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const psiPerBar = 14.5038;
const products = ['gear', 'housing', 'shaft'] as const;
const wearOfProductUm = { gear: 0, housing: 1.5, shaft: -1 } as const;
/** Hourly autoregression of a tool's condition: half of a deviation is gone after some 14 hours. */
const conditionMemoryPerHour = 0.95;
const conditionEffectUm = 2;
const noiseUm = 0.7;

/**
 * Readings and outcomes of machines, day by day; a pure function of its options.
 * Wear (micrometres) is linear in load, temperature and coolant pressure, with an effect of the product and of the machine's own
 * slowly changing condition, which shows only in the outcomes: hence the feature "mean wear of this machine known in the last 12 hours".
 */
export function* generateMachineDays(options: Partial<MachineWearOptions> = {}): Generator<MachineDay> {
  const plan = { ...machineWearDefaults, ...options };
  const random = new SeededRandom(plan.seed);
  const machines = Array.from({ length: plan.machines }, (_, index) => ({
    id: `m${String(index + 1).padStart(2, '0')}`,
    condition: random.normal(),
  }));
  let pending: MachineOutcome[] = [];
  for (let dayIndex = 0; dayIndex < plan.days; dayIndex += 1) {
    const startMs = Date.parse(plan.firstDay) + dayIndex * dayMs;
    const made = machines.flatMap((machine) => workOfOneDay(machine, dayIndex, startMs, plan, random));
    const outcomes = [...pending, ...made.map(({ outcome }) => outcome)].sort(byText((outcome) => outcome.measured_at));
    const end = new Date(startMs + dayMs).toISOString();
    pending = outcomes.filter((outcome) => outcome.measured_at >= end);
    yield {
      day: new Date(startMs).toISOString().slice(0, 10),
      readings: made.map(({ reading }) => reading).sort(byText((reading) => reading.event_time)),
      outcomes: outcomes.filter((outcome) => outcome.measured_at < end),
    };
  }
}

function workOfOneDay(
  machine: { id: string; condition: number },
  dayIndex: number,
  startMs: number,
  plan: MachineWearOptions,
  random: SeededRandom,
): { reading: MachineReading; outcome: MachineOutcome }[] {
  const gapMs = dayMs / plan.readingsPerMachineAndDay;
  const memory = conditionMemoryPerHour ** (gapMs / hourMs);
  return Array.from({ length: plan.readingsPerMachineAndDay }, (_, index) => {
    machine.condition = memory * machine.condition + Math.sqrt(1 - memory ** 2) * random.normal();
    const atMs = Math.round(startMs + (index + random.uniform()) * gapMs);
    const knownMs = Math.round(atMs + (2 + 2 * random.uniform()) * hourMs);
    const product = random.pick(products);
    const temperature = 70 + 6 * random.normal();
    const load = 0.2 + 0.8 * random.uniform();
    const pressure = 40 + 4 * random.normal();
    const changed = plan.conceptChangeDay !== undefined && dayIndex >= plan.conceptChangeDay;
    const inPsi = plan.pressureInPsi && dayIndex >= plan.pressureInPsi.fromDay && dayIndex < plan.pressureInPsi.toDay;
    const wear =
      12 +
      wearOfProductUm[product] +
      (changed ? 0.45 * (temperature - 70) : 10 * (load - 0.6)) -
      0.15 * (pressure - 40) +
      conditionEffectUm * machine.condition +
      noiseUm * random.normal();
    const readingId = `${machine.id}-${dayIndex}-${index}`;
    return {
      reading: {
        reading_id: readingId,
        event_time: new Date(atMs).toISOString(),
        machine_id: machine.id,
        product,
        temperature_c: rounded(temperature, 2),
        load_ratio: rounded(load, 3),
        coolant_pressure_bar: rounded(inPsi ? pressure * psiPerBar : pressure, 2),
      },
      outcome: {
        reading_id: readingId,
        machine_id: machine.id,
        event_time: new Date(atMs).toISOString(),
        measured_at: new Date(knownMs).toISOString(),
        wear_um: rounded(wear, 2),
      },
    };
  });
}

function byText<T>(text: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
