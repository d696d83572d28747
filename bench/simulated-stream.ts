import { seededRandom } from '@millrace/decisions';
import type { ColumnValue, Random } from '@millrace/decisions';

/** A stream of predictions' inputs, day by day, in a world that is never quite the same: what bounds by single rows are wrong about. */
export interface SimulatedStream {
  columns: readonly { name: string; kind: 'numeric' | 'category' }[];
  /** The rows of the next day. */
  nextDay(): StreamDay;
}

export interface StreamDay {
  /** Event times in milliseconds since 1970. */
  timesMs: number[];
  columns: Record<string, ColumnValue[]>;
}

/** What changes, from a day on. Sizes in standard deviations of the rows of a day. */
export interface StreamChange {
  fromDay: number;
  shift: number;
}

const DAY_MS = 86_400_000;
/** A Monday. */
const START_MS = Date.parse('2001-01-01T00:00:00Z');
const CATEGORIES = 12;
const columns = [
  { name: 'amount', kind: 'numeric' },
  { name: 'temperature', kind: 'numeric' },
  { name: 'ratio', kind: 'numeric' },
  { name: 'items', kind: 'numeric' },
  { name: 'origin', kind: 'category' },
  { name: 'product', kind: 'category' },
] as const;

/**
 * Days differ among themselves (every column has a level of the day that follows an autoregression: over-dispersed and autocorrelated),
 * Saturdays and Sundays differ from the rest, hours from one another. How much is drawn for each seed: level 0.05 to 0.3 standard
 * deviations of a row, autocorrelation 0.2 to 0.8 from day to day, weekends up to 0.5, hours up to 0.5.
 */
export function simulatedStream(seed: number, rowsPerDay: number, change: StreamChange | null = null): SimulatedStream {
  const random = seededRandom(seed * 7919 + 13);
  const traits = { spread: between(random, 0.05, 0.3), memory: between(random, 0.2, 0.8), weekend: between(random, 0, 0.5), hours: between(random, 0, 0.5) };
  const levels = columns.map(() => normal(random));
  const signs = columns.map(() => (random() < 0.5 ? -1 : 1));
  const changed = Math.floor(random() * columns.length);
  let day = 0;
  return {
    columns,
    nextDay() {
      const weekend = day % 7 >= 5 ? 1 : 0;
      const shift = columns.map((_, i) => {
        levels[i] = traits.memory * (levels[i] ?? 0) + Math.sqrt(1 - traits.memory ** 2) * normal(random);
        const moved = change && i === changed && day >= change.fromDay ? change.shift : 0;
        return traits.spread * (levels[i] ?? 0) + traits.weekend * weekend * (signs[i] ?? 1) + moved;
      });
      const rows = Math.max(40, Math.round(rowsPerDay * Math.exp(0.15 * normal(random)) * (weekend ? 0.7 : 1)));
      const made = dayOf(random, day, rows, shift, traits.hours);
      day += 1;
      return made;
    },
  };
}

function dayOf(random: Random, day: number, rows: number, shift: readonly number[], hours: number): StreamDay {
  const made: StreamDay = { timesMs: [], columns: Object.fromEntries(columns.map(({ name }) => [name, []])) };
  for (let row = 0; row < rows; row += 1) {
    const share = random();
    made.timesMs.push(START_MS + (day + share) * DAY_MS);
    const ofHour = hours * Math.sin(2 * Math.PI * share);
    columns.forEach(({ name }, i) => made.columns[name]?.push(valueOf(name, random, normal(random) + ofHour + (shift[i] ?? 0))));
  }
  return made;
}

/** One row's value of a column, from a standard normal that was moved by the day, the hour and the change. */
function valueOf(name: string, random: Random, latent: number): ColumnValue {
  if (name === 'amount') return Math.exp(3 + 0.8 * latent);
  if (name === 'temperature') return 20 + 5 * latent;
  if (name === 'ratio') return 1 / (1 + Math.exp(-latent));
  if (name === 'items') return Math.max(0, Math.round(1 + 1.5 * latent));
  const place = Math.min(0.999, Math.max(0, 0.5 + 0.2 * latent + 0.1 * (random() - 0.5)));
  return `${name.slice(0, 1)}${Math.floor(place * CATEGORIES)}`;
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
