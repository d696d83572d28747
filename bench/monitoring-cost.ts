/**
 * What watching costs: counting the 50 features of a prediction into the tallies of its window, memory of those tallies, and of a reference of 60 days;
 * judging a window. Beside it: River's ADWIN on the same number of values.
 * Run: `node bench/monitoring-cost.ts [predictions]` after `npm run build`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { boundedReference, decideDrift, monitoringPolicyOf, pinColumns, profileOf, referenceOf, seededRandom, WindowCounter } from '@millrace/decisions';
import type { ColumnValue } from '@millrace/decisions';
import { projectRoot } from '@millrace/infra';
import { report } from './figure.ts';

const predictions = Number(process.argv[2] ?? 200_000);
const features = 50;
const rowsPerDay = 2_000;
const dayMs = 86_400_000;
const goalMicroseconds = 5;
const referenceDays = 60;

const random = seededRandom(7);
const columns = Array.from({ length: features }, (_, i) => ({ name: `f${i}`, kind: i % 5 === 0 ? ('category' as const) : ('numeric' as const) }));
const valueOf = (column: number): ColumnValue => (column % 5 === 0 ? `c${Math.floor(40 * random() ** 2)}` : Math.exp(3 + 2 * random() - column / 10));
const rowsOf = (count: number): ColumnValue[][] => Array.from({ length: count }, () => columns.map((_, column) => valueOf(column)));

const past = Array.from({ length: referenceDays }, () => rowsOf(rowsPerDay / 4));
const pinned = pinColumns(columns.map((column, i) => ({ ...column, values: past.flatMap((rows) => rows.map((row) => row[i] ?? null)) })));
const profile = (day: number, rows: ColumnValue[][]) =>
  profileOf({ fromMs: day * dayMs, toMs: (day + 1) * dayMs }, pinned, { timesMs: rows.map((_, i) => day * dayMs + (i / rows.length) * dayMs), columns: Object.fromEntries(columns.map(({ name }, i) => [name, rows.map((row) => row[i] ?? null)])), repeated: 0 });
const policy = monitoringPolicyOf({ windowMs: dayMs, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 30 * dayMs } });
const reference = referenceOf(pinned, past.map((rows, day) => profile(day, rows)), policy);

const rows = rowsOf(rowsPerDay);
const counter = new WindowCounter({ fromMs: 0, toMs: dayMs }, pinned);
const count = (from: number, to: number): void => {
  for (let i = from; i < to; i += 1) counter.add((i / predictions) * dayMs, rows[i % rowsPerDay] ?? []);
};
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const memory = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};
const before = memory();
count(0, predictions / 10);
const startNs = process.hrtime.bigint();
count(predictions / 10, predictions);
const microseconds = Number(process.hrtime.bigint() - startNs) / 1e3 / (0.9 * predictions);
const heldBytes = memory() - before;

const bounded = boundedReference(reference, policy);
const window = profile(100, rows);
const judgeStartMs = performance.now();
decideDrift(window, bounded, [], policy);
const judgeMs = performance.now() - judgeStartMs;

const adwin = `import random,time
from river import drift
d=drift.ADWIN();v=[random.random() for _ in range(200000)];t=time.perf_counter()
for x in v: d.update(x)
print((time.perf_counter()-t)/len(v)*1e6)`;
const { stdout } = await promisify(execFile)(join(projectRoot, '.toolchain/references/bin/python'), ['-c', adwin]);
const river = Number(stdout);
const perFeature = microseconds / features;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

report([
  {
    what: `Counting the ${features} features of one prediction into its window (${predictions} predictions)`,
    measured: `${microseconds.toFixed(1)} µs a prediction, ${perFeature.toFixed(3)} µs a feature`,
    beside: `goal ${goalMicroseconds} µs a feature; River's ADWIN ${river.toFixed(3)} µs a value`,
    ratio: `${(perFeature / goalMicroseconds).toFixed(3)} of the goal; ${(perFeature / river).toFixed(2)} x ADWIN`,
  },
  {
    what: `Memory of one model with ${features} features: its open window, and its reference of ${referenceDays} days`,
    measured: `${megabytes(heldBytes)} whatever the number of predictions; reference ${megabytes(JSON.stringify(reference).length)} as JSON`,
    beside: `the ${predictions} predictions as numbers: ${megabytes(predictions * features * 8)}`,
    ratio: '',
  },
  { what: `Judging a closed window of ${features} features`, measured: `${judgeMs.toFixed(1)} ms`, beside: '', ratio: '' },
]);
