/**
 * `npm run bench`: runs every bench, one after another, and rewrites the table of docs/benchmarks.md with the machine and the date.
 * Names of scripts as arguments run only those and keep the other rows, with arguments of theirs after an equals sign: `npm run bench -- event-hop soak=2 disturbed-hop=20,5`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, getPriority, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '@millrace/infra';
import type { Figure } from './figure.ts';
import { busyShare, machineTicks } from './process-usage.ts';

const benches = ['event-hop', 'decisions', 'disturbed-hop', 'records-to-version', 'lane-pause', 'predictions', 'at-rest', 'soak', 'recovery', 'cascade-time', 'drift', 'false-alarms', 'monitoring-cost', 'loop-regret'];
const document = join(projectRoot, 'docs/benchmarks.md');
const listenMs = 3_000;
const tableHead = '| What | Measured | Beside it, in the same run | Ratio | When (UTC), cores busy with other work before |\n| --- | --- | --- | --- | --- |';

/** Share of the cores in percent that others use now. */
async function busyPercent(): Promise<number> {
  const before = machineTicks();
  await pause(listenMs);
  return Math.round(100 * busyShare(before, machineTicks()));
}

/** @throws Error with the last line that the bench wrote when it fails */
function figuresOf(name: string, options: readonly string[]): Promise<Figure[]> {
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', join(import.meta.dirname, `${name}.ts`), ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (written.out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (written.err += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(lastLine(written.out)) as Figure[]) : reject(new Error(/Error: (.*)/.exec(written.err)?.[1] ?? lastLine(written.err)))));
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

async function rowsOf(name: string, options: readonly string[]): Promise<string> {
  const busy = await busyPercent();
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const figures = await figuresOf(name, options).catch((error: Error): Figure[] => [{ what: name, measured: `not measured: ${error.message}`, beside: '', ratio: '' }]);
  return figures.map(({ what, measured, beside, ratio }) => `| ${[what, measured, beside, ratio, `${when}, ${busy} %`].join(' | ')} |`).join('\n');
}

/** Each bench's rows stand between two comments that bear its name. */
function replaceBetween(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for ${name}: ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}${getPriority() === 0 ? '' : `, at priority ${getPriority()} because others worked on the machine`}.`;
}

const chosen = new Map(process.argv.slice(2).map((argument) => [argument.split('=')[0] ?? '', argument.split('=')[1]?.split(',') ?? []]));
const unknown = [...chosen.keys()].filter((name) => !benches.includes(name));
if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(', ')}; there are: ${benches.join(', ')}`);
for (const name of benches.filter((each) => chosen.size === 0 || chosen.has(each))) {
  console.log(`${name} ...`);
  const rows = await rowsOf(name, chosen.get(name) ?? []);
  console.log(rows);
  writeFileSync(document, replaceBetween(replaceBetween(readFileSync(document, 'utf8'), 'machine', machine()), name, `\n${tableHead}\n${rows}\n`));
}
