/**
 * False alarms and time to detect over 1,000 simulated streams whose days differ among themselves (over-dispersed, autocorrelated, seasonal):
 * eight weeks of reference, ninety days without a change, then one column shifts. Beside it, over some of the same streams: Evidently's and River's defaults.
 * Run: `node bench/false-alarms.ts [streams] [streams for the peers]` after `npm run build`.
 */
import { execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { countEpisodes } from '@millrace/decisions';
import { projectRoot } from '@millrace/infra';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';
import { simulatedStream } from './simulated-stream.ts';
import { watchStream } from './watched-stream.ts';

const streams = Number(process.argv[2] ?? 1_000);
const peerStreams = Math.min(streams, Number(process.argv[3] ?? 40));
const dayMs = 86_400_000;
const rowsPerDay = 250;
const days = { reference: 56, calm: 90, changed: 30 };
const shortReference = 10;
const shifts = [0.5, 1];
const rules = { windowMs: dayMs, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 30 * dayMs } };
const onceAWeek = { alarmAfter: 1, of: 1, resolveAfter: { drift: 7 } };

/** Of one way of watching one stream: alarms while nothing changed, and the days until the alarm about the change (null: none, or one was open already). */
interface Watched {
  alarms: number;
  /** Days without a change on which an alarm stood. */
  alarmedDays: number;
  delay: number | null;
  openAtChange: boolean;
}

function shiftOf(seed: number): number {
  return shifts[seed % shifts.length] ?? 1;
}

function streamOf(seed: number, reference: number): ReturnType<typeof simulatedStream> {
  return simulatedStream(seed, rowsPerDay, { fromDay: reference + days.calm, shift: shiftOf(seed) });
}

function watchedByMillrace(seed: number, reference: number): Watched & { promisedPerMs: number } {
  const { alarms, open, promisedPerMs } = watchStream(streamOf(seed, reference), { reference, live: days.calm + days.changed }, rules);
  const after = alarms.find(({ day }) => day >= days.calm);
  return { alarms: alarms.filter(({ day }) => day < days.calm).length, alarmedDays: open.slice(0, days.calm).filter(Boolean).length, delay: after ? after.day - days.calm + 1 : null, openAtChange: open[days.calm - 1] ?? false, promisedPerMs };
}

/** A peer says for each day whether it alarmed; what lasts without seven calm days is one alarm. */
function watchedByPeer(alarmed: readonly boolean[]): Watched {
  const calm = alarmed.slice(0, days.calm).map(Number);
  const first = alarmed.slice(days.calm).indexOf(true);
  return { alarms: countEpisodes(calm, 0.5, onceAWeek), alarmedDays: calm.filter(Boolean).length, delay: first < 0 ? null : first + 1, openAtChange: calm.slice(-7).some((each) => each > 0) };
}

async function peersOf(seeds: readonly number[]): Promise<Record<string, boolean[][]>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-streams-'));
  try {
    const file = join(folder, 'streams.ndjson');
    const out = createWriteStream(file);
    for (const seed of seeds) {
      const stream = streamOf(seed, days.reference);
      const made = Array.from({ length: days.reference + days.calm + days.changed }, () => stream.nextDay().columns);
      out.write(`${JSON.stringify({ columns: stream.columns, reference: days.reference, days: made })}\n`);
    }
    await new Promise<void>((done) => out.end(done));
    const python = join(projectRoot, '.toolchain/references/bin/python');
    const { stdout } = await promisify(execFile)(python, [join(projectRoot, 'bench/python/watch_streams.py'), file], { maxBuffer: 1 << 28 });
    return JSON.parse(stdout) as Record<string, boolean[][]>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `daily`: a way that keeps no alarm open tells of every day on which it alarms. */
function figureOf(what: string, watched: readonly Watched[], beside: string, daily = false): Figure {
  const months = (watched.length * days.calm * dayMs) / rules.falseAlarms.perMs;
  const sum = (of: (each: Watched) => number): number => watched.reduce((total, each) => total + of(each), 0);
  const told = sum(daily ? ({ alarmedDays }) => alarmedDays : ({ alarms }) => alarms) / months;
  const standing = Math.round((100 * sum(({ alarmedDays }) => alarmedDays)) / (watched.length * days.calm));
  const open = Math.round((100 * sum(({ openAtChange }) => Number(openAtChange))) / watched.length);
  return {
    what,
    measured: `${told.toFixed(2)} false alarms a month${daily ? ` on days of their own (${(sum(({ alarms }) => alarms) / months).toFixed(2)} when those less than a week apart count once)` : ''}; an alarm on ${standing} % of the days`,
    beside: `${beside}; in ${open} % an alarm stood already when the change came`,
    ratio: `${told.toFixed(2)} of the budget`,
  };
}

function delaysText(watched: readonly (Watched & { shift: number })[]): string {
  return shifts
    .map((shift) => {
      const its = watched.filter((each) => each.shift === shift && !each.openAtChange);
      const found = its.flatMap(({ delay }) => delay ?? []).sort((a, b) => a - b);
      const percent = Math.round((100 * found.length) / Math.max(1, its.length));
      return `shift of ${shift} standard deviations found in ${percent} % within ${days.changed} days, median ${found[found.length >> 1] ?? '-'}, p90 ${found[Math.floor(0.9 * found.length)] ?? '-'} days`;
    })
    .join('; ');
}

const seeds = Array.from({ length: streams }, (_, i) => i + 1);
const own = seeds.map((seed) => ({ ...watchedByMillrace(seed, days.reference), shift: shiftOf(seed) }));
const short = seeds.slice(0, Math.ceil(streams / 5)).map((seed) => ({ ...watchedByMillrace(seed, shortReference), shift: shiftOf(seed) }));
const figures = [
  figureOf(`Millrace, ${streams} streams, ${days.reference} days of reference`, own, `the budget: 1 a month, half of it for inputs; ${delaysText(own)}`),
  figureOf(`Millrace, ${short.length} streams, ${shortReference} days of reference`, short, `cannot promise the budget; the widest honest promise is one in ${Math.round((short[0]?.promisedPerMs ?? 0) / dayMs)} days; ${delaysText(short)}`),
];
for (const [name, alarmed] of Object.entries(await peersOf(seeds.slice(0, peerStreams)))) {
  const watched = alarmed.map((each, i) => ({ ...watchedByPeer(each), shift: shiftOf(seeds[i] ?? 1) }));
  figures.push(figureOf(`${name}, ${peerStreams} of these streams`, watched, delaysText(watched), true));
}
report(figures);
