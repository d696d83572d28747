import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingWindow } from '@millrace/contracts';
import { linearOnnxModel } from '@millrace/testing';
import { DuckDb, sqlLiteral, writeParquet } from '@millrace/storage';
import type { RunRow } from '../store/run.row.js';
import { wearPipeline } from '../pipeline.fixture.js';
import { WindowTrials } from './window-trials.js';
import type { ExecuteCommand } from './window-trials.js';
import type { WorkDirectory } from './work-directory.js';

const DAY_MS = 86_400_000;
const ROWS_OF_DAY = 100;
/** On this day wear turns round with load. */
const CHANGE_DAY = 8;

describe('training windows', () => {
  let duckDb: DuckDb;
  let root: string;
  let directory: WorkDirectory;
  /** Files that the command was given. */
  let given: string[];

  beforeAll(async () => {
    duckDb = await DuckDb.open();
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace-windows-'));
    given = [];
    directory = { root, code: root, output: join(root, 'output'), logPath: join(root, 'training.log'), trainingSetPath: join(root, 'set.parquet'), variables: {} };
    const columns = [{ name: '_key', type: 'string' }, { name: '_event_time', type: 'timestamp' }, { name: 'load', type: 'double' }, { name: '_label', type: 'double' }] as const;
    const rows = Array.from({ length: 10 * ROWS_OF_DAY }, (_, i) => {
      const load = (i % 10) / 10;
      const slope = i < CHANGE_DAY * ROWS_OF_DAY ? 1 : -1;
      return { _key: String(i), _event_time: Math.floor((i * DAY_MS) / ROWS_OF_DAY), load, _label: slope * load };
    });
    await writeParquet(duckDb, directory.trainingSetPath, columns, rows);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  afterAll(() => duckDb.close());

  /** Fits a slope to the rows it was given, as a training command would. */
  const command: ExecuteCommand = async ({ MILLRACE_TRAINING_SET: path = '', MILLRACE_OUTPUT: output = '' }) => {
    given.push(path);
    const [fit] = await duckDb.query<{ slope: number }>(`SELECT sum(load * _label) / sum(load * load) AS slope FROM read_parquet(${sqlLiteral(path)})`);
    await writeFile(join(output, 'model.onnx'), linearOnnxModel({ inputs: [{ name: 'load', type: 'double', weight: fit?.slope ?? 0 }], output: 'value' }));
    return { exitCode: 0, timedOut: false, problem: null };
  };

  function runWith(windows: TrainingWindow[] | undefined, changePoint: Date | null): RunRow {
    const definition = wearPipeline();
    const signature = { task: 'regression', inputs: [{ name: 'load', type: 'double' }], output: 'value' };
    return { definition: { ...definition, training: { ...definition.training, ...(windows ? { windows } : {}) } }, changePoint, trainingSet: { signature } } as unknown as RunRow;
  }

  const rowsIn = async (path: string): Promise<{ rows: number; columns: string[] }> => {
    const columns = await duckDb.query<{ column_name: string }>(`DESCRIBE SELECT * FROM read_parquet(${sqlLiteral(path)})`);
    const [counted] = await duckDb.query<{ rows: number }>(`SELECT count(*)::INT AS rows FROM read_parquet(${sqlLiteral(path)})`);
    return { rows: counted?.rows ?? 0, columns: columns.map(({ column_name: name }) => name) };
  };

  it('are chosen by how their models do on the newest rows, which none of them was given, and the winner gets all of its rows', async () => {
    const run = runWith([{ kind: 'all' }, { kind: 'since-change' }, { kind: 'weighted', ms: DAY_MS }], new Date(CHANGE_DAY * DAY_MS));
    const { trainingSetPath, candidates } = await new WindowTrials(duckDb).choose(run, directory, command);
    expect(candidates.map(({ window, rows, chosen }) => ({ window, rows, chosen }))).toEqual([
      { window: 'all', rows: 920, chosen: false },
      { window: 'since-change', rows: 120, chosen: true },
      { window: 'weighted 1d', rows: 920, chosen: false },
    ]);
    expect(candidates[1]?.loss).toBeCloseTo(0, 5);
    expect(candidates[0]?.loss).toBeGreaterThan(0.3);
    expect((await rowsIn(trainingSetPath)).rows).toBe(200);
    expect((await rowsIn(given[2] ?? '')).columns).toContain('_weight');
  });

  it('are not tried where the pipeline names none, and one that fails is out of the race', async () => {
    const trials = new WindowTrials(duckDb);
    expect(await trials.choose(runWith(undefined, null), directory, command)).toEqual({ trainingSetPath: directory.trainingSetPath, candidates: [] });
    expect(given).toEqual([]);
    let runs = 0;
    const failing: ExecuteCommand = async (variables, log) => ((runs += 1) === 1 ? { exitCode: 1, timedOut: false, problem: null } : command(variables, log));
    const { candidates } = await trials.choose(runWith([{ kind: 'all' }, { kind: 'last', ms: 5 * DAY_MS }], null), directory, failing);
    expect(candidates).toMatchObject([{ window: 'all', loss: null, chosen: false }, { window: 'last 5d', chosen: true }]);
  });
});
