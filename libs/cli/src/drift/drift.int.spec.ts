import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from '@millrace/storage';
import { askReferences } from '@millrace/testing/references';
import { runCommandLine } from '../run-command-line.js';
import type { ColumnVerdict, DriftReport } from './column-verdict.js';

const LOADED_MACHINE_MS = 240_000;

interface PresetAnswer {
  columns: Record<string, { method: string; score: number | string; threshold: number; drift: boolean }>;
}

const labels: Record<string, string> = { wasserstein: 'Wasserstein distance (normed)', jensenshannon: 'Jensen-Shannon distance', ks: 'K-S p_value', z: 'Z-test p_value', chisquare: 'chi-square p_value' };

/** Columns of all kinds; `shift` moves them. hash(i) is a fixed scramble of the row number, so that both files are the same on every machine. */
function columnsSql(shift: number, seed: number): string {
  const uniform = (salt: number): string => `((hash(i * 64 + ${salt + seed}) % 1000003) / 1000003.0)`;
  return [
    `sqrt(-2 * ln(1 - ${uniform(1)})) * cos(2 * pi() * ${uniform(2)}) + ${shift} AS normal`,
    `CASE WHEN i % 7 = 0 THEN NULL ELSE exp(2 * ${uniform(3)}) * ${1 + shift} END AS gaps`,
    `CASE WHEN i = 5 THEN 'inf'::DOUBLE ELSE ${uniform(4)} END AS infinite`,
    `CAST(floor(50 * ${uniform(5)} + ${10 * shift}) AS INTEGER) AS integers`,
    `CAST(floor(4 * ${uniform(6)}) AS BIGINT) AS few_integers`,
    `CAST(floor(4 * ${uniform(6)}) AS DOUBLE) AS few_floats`,
    `CASE WHEN i % 11 = 0 THEN NULL ELSE CAST(floor(30 * ${uniform(7)}) AS INTEGER) END AS integers_with_gaps`,
    `${uniform(8)} < ${0.3 + shift / 4} AS flag`,
    `chr(CAST(97 + floor(${6 + 4 * shift} * ${uniform(9)} * ${uniform(9)}) AS INTEGER)) AS letter`,
    `CASE WHEN i % 5 = 0 THEN NULL ELSE 'group ' || floor(3 * ${uniform(10)}) END AS category_with_gaps`,
    `4.0::DOUBLE AS constant`,
  ].join(', ');
}

describe('millrace drift', () => {
  let directory: string;
  let duckDb: DuckDb;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-drift-'));
    duckDb = await DuckDb.open();
  });
  afterAll(async () => {
    await duckDb.close();
    await rm(directory, { recursive: true });
  });

  async function parquet(name: string, sql: string): Promise<string> {
    const path = join(directory, `${name}.parquet`);
    await duckDb.copyToParquet(sql, path);
    return path;
  }

  async function csv(name: string, text: string): Promise<string> {
    const path = join(directory, `${name}.csv`);
    await writeFile(path, text);
    return path;
  }

  async function command(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    const printed: string[] = [];
    const complained: string[] = [];
    process.exitCode = undefined;
    const code = await runCommandLine(words, {}, (text) => printed.push(text), (text) => complained.push(text));
    process.exitCode = undefined;
    return { code, out: printed.join('\n'), err: complained.join('\n') };
  }

  async function drift(...words: string[]): Promise<DriftReport> {
    const { out, err } = await command('drift', ...words, '--json');
    if (err !== '') throw new Error(err);
    return JSON.parse(out) as DriftReport;
  }

  function columnOf(report: DriftReport, name: string): ColumnVerdict {
    const column = report.columns.find((each) => each.column === name);
    if (column === undefined) throw new Error(`no column ${name}`);
    return column;
  }

  it("says of few and of many rows what Evidently's preset says, column by column, to 1e-9", async () => {
    const pairs = await Promise.all(([[700, 400], [3000, 2500]] as const).map(async ([m, n]) => ({
      reference: await parquet(`reference-${m}`, `SELECT ${columnsSql(0, 0)} FROM range(${m}) AS rows(i)`),
      current: await parquet(`current-${n}`, `SELECT ${columnsSql(0.4, 20)} FROM range(${n}) AS rows(i)`),
    })));
    const answers = await askReferences<PresetAnswer>(pairs.map((pair) => ({ ask: 'evidently-preset', ...pair }) as never));
    for (const [index, { reference, current }] of pairs.entries()) {
      const { columns } = answers[index] ?? { columns: {} };
      const report = await drift(reference, current, '--like', 'evidently');
      expect(report.columns.map(({ column }) => column).sort()).toEqual(Object.keys(columns).sort());
      for (const ours of report.columns) {
        const theirs = columns[ours.column];
        expect([ours.column, labels[ours.method ?? ''], ours.threshold, ours.verdict]).toEqual([ours.column, theirs?.method, theirs?.threshold, theirs?.drift === true ? 'drift' : 'no-drift']);
        expect(Math.abs((ours.score ?? NaN) - Number(theirs?.score))).toBeLessThanOrEqual(1e-9);
      }
    }
  }, LOADED_MACHINE_MS);

  it('reads a CSV file as the Parquet file with the same rows', async () => {
    const rows = (shift: number): string => `SELECT ${columnsSql(shift, 3)} FROM range(300) AS rows(i)`;
    const files = [await parquet('csv-reference', rows(0)), await parquet('csv-current', rows(0.5))];
    const texts = await Promise.all(files.map(async (file) => {
      const path = file.replace('.parquet', '.csv');
      await duckDb.session((session) => session.run(`COPY (FROM read_parquet('${file}')) TO '${path}' (HEADER)`));
      return path;
    }));
    const [ofParquet, ofCsv] = [await drift(...files, '--like', 'evidently'), await drift(...texts, '--like', 'evidently')];
    const numbers = (report: DriftReport): unknown => report.columns.map(({ column, method, score, verdict }) => ({ column, method, score, verdict }));
    expect(numbers(ofCsv)).toEqual(numbers(ofParquet));
  });

  it('by its own measure finds what changed and leaves alone what did not', async () => {
    const reference = await parquet('own-reference', `SELECT ${columnsSql(0, 0)}, hash(i) % 100 AS steady FROM range(2000) AS rows(i)`);
    const current = await parquet('own-current', `SELECT ${columnsSql(0.4, 20)}, hash(i + 7) % 100 AS steady FROM range(1500) AS rows(i)`);
    const report = await drift(reference, current);
    expect(columnOf(report, 'normal')).toMatchObject({ method: 'beyond-chance', verdict: 'drift', n: { reference: 2000, current: 1500 } });
    expect(columnOf(report, 'letter')).toMatchObject({ verdict: 'drift' });
    expect(columnOf(report, 'steady')).toMatchObject({ verdict: 'no-drift', reason: null });
    expect(columnOf(report, 'few_floats')).toMatchObject({ verdict: 'no-drift' });
    expect(columnOf(report, 'normal').effect).toBeGreaterThan(0.1);
  });

  it("raises few alarms without a change, where Evidently's default raises one for every column with many values", async () => {
    const category = (salt: number): string => Array.from({ length: 5 }, (_, k) => `'airport ' || (hash(i * 32 + ${k}) + ${salt}) % 229 AS c${k}`).join(', ');
    const [a, b] = [await parquet('halves-a', `SELECT ${category(0)} FROM range(0, 1001) AS rows(i)`), await parquet('halves-b', `SELECT ${category(0)} FROM range(5000, 6001) AS rows(i)`)];
    expect((await drift(a, b)).drifted).toBe(0);
    expect((await drift(a, b, '--like', 'evidently')).drifted).toBe(5);
  });

  it('says of each column that nothing can be said of why', async () => {
    const reference = await parquet('bad-reference', `SELECT i * 1.0 AS gone, NULL::DOUBLE AS empty, 4 AS constant, CASE WHEN i = 3 THEN '-inf'::DOUBLE ELSE i END AS infinite, 'r' || i AS fresh, i AS retyped, TIMESTAMP '2026-01-01' + INTERVAL 1 HOUR * i AS moment, [i] AS list, i % 9 AS fine FROM range(200) AS rows(i)`);
    const current = await parquet('bad-current', `SELECT NULL::DOUBLE AS empty, 4 AS constant, CAST(i AS DOUBLE) AS infinite, 'c' || i AS fresh, 'x' || i AS retyped, TIMESTAMP '2026-02-01' + INTERVAL 1 HOUR * i AS moment, [i] AS list, i % 9 AS fine, i AS late FROM range(180) AS rows(i)`);
    const report = await drift(reference, current);
    const reasons = Object.fromEntries(report.columns.map(({ column, verdict, reason }) => [column, `${verdict}: ${reason}`]));
    expect(reasons).toEqual({
      gone: 'cannot-say: missing in the current file', late: 'cannot-say: missing in the reference file',
      empty: 'cannot-say: no value on the reference side; no value on the current side',
      constant: 'cannot-say: constant on the reference side; constant on the current side',
      infinite: 'cannot-say: 1 infinite value on the reference side',
      fresh: 'cannot-say: almost every record has a category of its own on the reference side (200 in 200 rows); almost every record has a category of its own on the current side (180 in 180 rows)',
      retyped: 'cannot-say: integer in the reference file, text in the current file',
      moment: 'cannot-say: a time moves on by itself; --types compares its values as categories', list: 'cannot-say: neither numbers nor categories',
      fine: 'no-drift: null',
    });
    const like = await drift(reference, current, '--like', 'evidently');
    expect(like.columns.filter(({ verdict }) => verdict === 'cannot-say').map(({ column }) => column).sort()).toEqual(['empty', 'fresh', 'gone', 'late', 'list', 'moment', 'retyped']);
  });

  it.each([['', ''], ['--like', 'evidently']])('says something of one row, and of none %s %s', async (...like) => {
    const options = like.filter((word) => word !== '');
    const [one, none] = [await csv('one', 'a,b\n1.5,x\n'), await csv('none', 'a,b\n')];
    const many = await csv('many', `a,b\n${Array.from({ length: 50 }, (_, i) => `${i / 3},${i % 2 ? 'x' : 'y'}`).join('\n')}\n`);
    for (const file of [one, none]) {
      const report = await drift(many, file, ...options);
      expect(report.columns).toHaveLength(2);
      if (options.length === 0 || file === none) expect(report.columns.map(({ verdict }) => verdict)).toEqual(['cannot-say', 'cannot-say']);
    }
  });

  it('takes types, a method and a threshold', async () => {
    const reference = await parquet('typed-reference', 'SELECT i % 5 AS code FROM range(100) AS rows(i)');
    const current = await parquet('typed-current', 'SELECT i % 4 AS code FROM range(100) AS rows(i)');
    expect(columnOf(await drift(reference, current, '--types', 'code=categorical', '--method', 'psi'), 'code')).toMatchObject({ type: 'categorical', method: 'psi', threshold: 0.1, verdict: 'drift' });
    expect(columnOf(await drift(reference, current, '--types', 'code=numeric', '--method', 'ks', '--threshold', '0.0001'), 'code')).toMatchObject({ type: 'numeric', method: 'ks', threshold: 0.0001, scoreKind: 'p-value', verdict: 'no-drift' });
    expect(columnOf(await drift(reference, current, '--like', 'evidently', '--types', 'code=numeric', '--method', 'chisquare'), 'code')).toMatchObject({ verdict: 'cannot-say', reason: 'chisquare is not a method for numbers' });
  });

  it('says by its exit code what was found, when asked', async () => {
    const [a, b] = [await parquet('exit-a', 'SELECT i % 50 AS x FROM range(500) AS rows(i)'), await parquet('exit-b', 'SELECT i % 50 + 30 AS x FROM range(500) AS rows(i)')];
    const constant = await parquet('exit-c', 'SELECT 1 AS x FROM range(500) AS rows(i)');
    expect([(await command('drift', a, b)).code, (await command('drift', a, b, '--check')).code, (await command('drift', a, a, '--check')).code, (await command('drift', a, constant, '--check')).code]).toEqual([0, 3, 0, 4]);
  });

  it.each([
    [['drift', 'a.parquet'], 'Which files? millrace drift reference.parquet current.parquet'],
    [['drift', 'nowhere.parquet', 'nowhere.csv'], 'There is no file nowhere.parquet'],
    [['drift', 'a', 'b', '--like', 'alibi'], '--like takes evidently, not "alibi".'],
    [['drift', 'a', 'b', '--method', 'kolmogorov'], /^There is no method "kolmogorov"; there are: ks, wasserstein, /],
    [['drift', 'a', 'b', '--types', 'x:numeric'], /^--types takes column=numeric or column=categorical/],
    [['detect', 'nowhere.csv', '--column', 'x'], 'There is no file nowhere.csv'],
    [['detect', 'nowhere.csv', '--column', 'x', '--detector', 'cusum'], /^There is no detector "cusum"; there are: adwin, /],
    [['detect', 'nowhere.csv', '--column', 'x', '--threshold', '3'], /^adwin has no parameter --threshold; it has: --delta, /],
    [['detect', 'nowhere.csv', '--column', 'x', '--clock', '0'], '--clock is a whole number of at least 1, not "0".'],
  ])('refuses %j in one sentence', async (words, sentence) => {
    const { code, err } = await command(...words);
    expect(code).toBe(1);
    expect(err).toMatch(sentence);
  });

  it('detects at the indices that River 0.26.1 has, and leaves out rows without a number', async () => {
    const lcg = (count: number, seed: number): number[] => {
      let state = BigInt(seed);
      return Array.from({ length: count }, () => Number((state = (1_103_515_245n * state + 12_345n) % 2n ** 31n)) / 2 ** 31);
    };
    const values = [...lcg(1000, 42), ...lcg(1000, 7).map((x) => x + 0.3), ...lcg(1000, 99).map((x) => x - 0.2)];
    const stream = await csv('stream', `at,x\n${values.map((value, index) => `${index},${value}`).join('\n')}\n`);
    const detect = async (...words: string[]): Promise<unknown> => JSON.parse((await command('detect', ...words, '--json')).out) as unknown;
    expect(await detect(stream, '--column', 'x')).toMatchObject({ detector: 'adwin', rows: 3000, indices: [1087, 2047], verdict: 'drift' });
    expect(await detect('--detector', 'page-hinkley', '--column', 'x', stream)).toMatchObject({ indices: [1182, 2094] });
    expect((await command('detect', stream, '--column', 'x', '--detector', 'page_hinkley')).out).toBe('1182\n2094');
    const gaps = await csv('gaps', `x\n${values.map((value, index) => (index % 2 === 0 ? value : 'NA')).join('\n')}\ninf\n`);
    expect(await detect(gaps, '--column', 'x')).toMatchObject({ rows: 3001, skipped: { missing: 1500, infinite: 1 } });
    const empty = await csv('empty', 'x\nNA\nNA\n');
    expect(await detect(empty, '--column', 'x')).toMatchObject({ verdict: 'cannot-say', reason: 'no finite value', indices: [] });
    expect((await command('detect', stream, '--column', 'x', '--detector', 'ddm')).err).toMatch(/^Row 0 holds .*; this detector watches errors/);
    expect((await command('detect', stream, '--column', 'y')).err).toMatch(/ has no column y; it has: at, x\.$/);
  });
});
