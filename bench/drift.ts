/**
 * `millrace drift --like evidently` beside Evidently's DataDriftPreset on the same two Parquet files, and two of its detectors beside River's on the same
 * stream; the numbers must be equal. Evidently's time is that of `Report.run` and of reading the files, without starting Python and importing.
 * Run: `node bench/drift.ts` after `npm run build` and `npm run bench` (which brings the Python libraries).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '@millrace/cli';
import { detectorKinds } from '@millrace/decisions';
import { DuckDb } from '@millrace/storage';
import { askReferences } from '@millrace/testing/references';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';

const streamLength = 1_000_000;
const shapes = [[50, 50_000], [100, 100_000]] as const;
const detectors = ['adwin', 'page-hinkley'] as const;
const closeEnough = 1e-9;

interface Judged {
  score: number;
  verdict: string;
}
interface PresetAnswer {
  columns: Record<string, { score: number; drift: boolean }>;
  readSeconds: number;
  runSeconds: number;
  cpuSeconds: number;
}
interface RiverAnswer {
  drifts: number[];
  cpuSeconds: number;
}

/** Three columns of normal numbers, one of integers, one of categories, and so on; the later, the more they move. */
function columnsSql(columns: number, side: 0 | 1): string {
  const uniform = (salt: number): string => `((hash(i * 1024 + ${salt * 2 + side}) % 1000003) / 1000003.0)`;
  return Array.from({ length: columns }, (_, k) => {
    const move = (side * k) / columns / 4;
    if (k % 5 === 3) return `CAST(floor(60 * ${uniform(2 * k)} + ${20 * move}) AS INTEGER) AS c${k}`;
    if (k % 5 === 4) return `chr(CAST(97 + floor(${8 + 4 * move} * ${uniform(2 * k)}) AS INTEGER)) AS c${k}`;
    return `sqrt(-2 * ln(1 - ${uniform(2 * k)})) * cos(2 * pi() * ${uniform(2 * k + 1)}) + ${move} AS c${k}`;
  }).join(', ');
}

async function compared(reference: string, current: string): Promise<{ seconds: number; cpuSeconds: number; columns: Record<string, Judged> }> {
  const printed: string[] = [];
  const [startMs, cpuBefore] = [performance.now(), process.cpuUsage()];
  const code = await runCommandLine(['drift', reference, current, '--like', 'evidently', '--json'], process.env, (text) => printed.push(text), (text) => printed.push(text));
  const [seconds, cpu] = [(performance.now() - startMs) / 1000, process.cpuUsage(cpuBefore)];
  if (code !== 0) throw new Error(printed.join(' '));
  const { columns } = JSON.parse(printed.join('')) as { columns: (Judged & { column: string })[] };
  return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, columns: Object.fromEntries(columns.map((each) => [each.column, each])) };
}

function requireEqual(ours: Record<string, Judged>, theirs: PresetAnswer['columns']): void {
  for (const [column, { score, drift }] of Object.entries(theirs)) {
    const mine = ours[column];
    if (mine === undefined || Math.abs(mine.score - score) > closeEnough || (mine.verdict === 'drift') !== drift) throw new Error(`Column ${column} is ${JSON.stringify(mine)} here and ${score} in Evidently`);
  }
}

async function presetFigure(directory: string, columns: number, rows: number): Promise<Figure> {
  const [reference, current] = await Promise.all(([0, 1] as const).map(async (side) => {
    const [path, duckDb] = [join(directory, `${columns}-${side}.parquet`), await DuckDb.open()];
    await duckDb.copyToParquet(`SELECT ${columnsSql(columns, side)} FROM range(${rows}) AS rows(i)`, path);
    await duckDb.close();
    return path;
  })) as [string, string];
  await compared(reference, current); // loads DuckDB and compiles
  const ours = await compared(reference, current);
  const [theirs] = await askReferences<PresetAnswer>([{ ask: 'evidently-preset', reference, current } as never]);
  if (theirs === undefined) throw new Error('Evidently gave no answer');
  requireEqual(ours.columns, theirs.columns);
  return {
    what: `Drift of ${columns} columns x ${rows.toLocaleString('en')} rows on each side, reading Parquet included; every score equal to 1e-9`,
    measured: `${ours.seconds.toFixed(2)} s (CPU ${ours.cpuSeconds.toFixed(2)} s)`,
    beside: `Evidently 0.7.23 DataDriftPreset ${theirs.runSeconds.toFixed(1)} s (CPU ${theirs.cpuSeconds.toFixed(1)} s), after reading in ${theirs.readSeconds.toFixed(2)} s`,
    ratio: `${((theirs.runSeconds + theirs.readSeconds) / ours.seconds).toFixed(0)} x as fast; ${(theirs.cpuSeconds / ours.cpuSeconds).toFixed(0)} x less CPU`,
  };
}

function normalStream(): number[] {
  let state = 42;
  const uniform = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Array.from({ length: streamLength }, (_, i) => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) + 3 * (Math.floor(i / 50_000) % 2));
}

async function detectorFigures(directory: string): Promise<Figure[]> {
  const [stream, path] = [normalStream(), join(directory, 'stream.txt')];
  await writeFile(path, stream.join('\n'));
  const answers = await askReferences<RiverAnswer>(detectors.map((name) => ({ ask: 'river', detector: detectorKinds[name]?.like, path }) as never));
  return detectors.map((name, index) => {
    const kind = detectorKinds[name];
    const theirs = answers[index];
    if (kind === undefined || theirs === undefined) throw new Error(`There is no ${name}`);
    const run = (): { drifts: number[]; seconds: number } => {
      const [detector, drifts, before] = [kind.make(kind.defaults), [] as number[], process.cpuUsage()];
      for (let i = 0; i < stream.length; i += 1) if (detector.update(stream[i] ?? NaN) === 'drift') drifts.push(i);
      return { drifts, seconds: process.cpuUsage(before).user / 1e6 };
    };
    run(); // compiles
    const { drifts, seconds } = run();
    if (JSON.stringify(drifts) !== JSON.stringify(theirs.drifts)) throw new Error(`${name} fires at ${drifts.join(' ')} here and at ${theirs.drifts.join(' ')} in River`);
    const [mine, other] = [streamLength / seconds, streamLength / theirs.cpuSeconds];
    return {
      what: `${kind.like}, updates per second of CPU over ${streamLength.toLocaleString('en')} values with ${drifts.length} drifts, at the same indices`,
      measured: `${Math.round(mine).toLocaleString('en')}/s`, beside: `River 0.26.1 ${Math.round(other).toLocaleString('en')}/s`, ratio: `${(mine / other).toFixed(1)} x`,
    };
  });
}

const directory = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
const figures: Figure[] = [];
for (const [columns, rows] of shapes) figures.push(await presetFigure(directory, columns, rows));
figures.push(...(await detectorFigures(directory)));
await rm(directory, { recursive: true });
report(figures);
