import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { projectRoot, pythonBinDirectory } from '@millrace/infra';
import { loadModel } from '@millrace/scoring';
import type { Model } from '@millrace/scoring';
import { writeParquet } from '@millrace/storage';
import type { DuckDb } from '@millrace/storage';
import type { RegretStream, StreamRow } from './regret-streams.ts';

/** A model that the training command made. */
export interface TrainedModel {
  name: string;
  seconds: number;
  model: Model;
}

/** How much each row counts. */
interface Weighting {
  name: string;
  weightOf: (row: StreamRow) => number;
}

/** The command of the flights example, its libraries loaded once: each line on stdin is the environment of a run, each on stdout its end. */
const WARM_COMMAND = `
import json, os, sys, traceback
sys.path.insert(0, ${JSON.stringify(join(projectRoot, 'examples/flight-delays'))})
import train
for line in sys.stdin:
    os.environ.update(json.loads(line))
    try:
        train.main()
        print(json.dumps({"ok": True}), flush=True)
    except Exception:
        print(json.dumps({"ok": False, "why": traceback.format_exc()[-300:]}), flush=True)
`;

/** Runs the training command of the flights example as the platform does: everything by environment variables, the model as ONNX. */
export class TrainingCommand {
  private runs = 0;
  private readonly known = new Map<string, TrainedModel>();
  private readonly home: string;
  private readonly duckDb: DuckDb;
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly answers: AsyncIterator<string>;

  constructor(home: string, duckDb: DuckDb) {
    this.home = home;
    this.duckDb = duckDb;
    this.process = spawn(join(pythonBinDirectory(), 'python3'), ['-c', WARM_COMMAND], {
      cwd: home,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', OMP_NUM_THREADS: '1', MLFLOW_TRACKING_URI: `file:${join(home, 'mlruns')}`, MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', GIT_PYTHON_REFRESH: 'quiet' },
    });
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  stop(): void {
    this.process.stdin.end();
  }

  /** The same rows with the same weights are trained on once. */
  async train(stream: RegretStream, rows: readonly StreamRow[], weighting: Weighting | null): Promise<TrainedModel> {
    const name = `${stream.name}/${rows[0]?.key} to ${rows.at(-1)?.key}, ${rows.length} rows${weighting ? `, ${weighting.name}` : ''}`;
    const known = this.known.get(name);
    if (known) return known;
    const trained = await this.run(stream, name, rows, weighting);
    this.known.set(name, trained);
    return trained;
  }

  private async run({ features }: RegretStream, name: string, rows: readonly StreamRow[], weighting: Weighting | null): Promise<TrainedModel> {
    this.runs += 1;
    const folder = join(this.home, `run-${this.runs}`);
    mkdirSync(folder, { recursive: true });
    const columns = [{ name: '_key', type: 'string' as const }, { name: '_event_time', type: 'timestamp' as const }, ...features, { name: '_label', type: 'double' as const }, ...(weighting ? [{ name: '_weight', type: 'double' as const }] : [])];
    const trainingSet = join(folder, 'training-set.parquet');
    await writeParquet(this.duckDb, trainingSet, columns, rows.map((row) => ({ _key: row.key, _event_time: row.atMs, ...row.features, _label: row.label, ...(weighting ? { _weight: weighting.weightOf(row) } : {}) })));
    const signature = { task: 'binary-classification' as const, inputs: features.map((feature) => ({ ...feature, nullable: true })), output: 'probability' as const };
    writeFileSync(join(folder, 'signature.json'), JSON.stringify(signature));
    writeFileSync(join(folder, 'parameters.json'), JSON.stringify({ rounds: 60, learningRate: 0.1 }));
    const began = performance.now();
    const variables = { MILLRACE_TRAINING_SET: trainingSet, MILLRACE_SIGNATURE: join(folder, 'signature.json'), MILLRACE_PARAMETERS: join(folder, 'parameters.json'), MILLRACE_SEED: '7', MILLRACE_CHANGE_POINT: '', MILLRACE_OUTPUT: folder };
    this.process.stdin.write(`${JSON.stringify(variables)}\n`);
    const { value } = await this.answers.next();
    const answer = JSON.parse(String(value ?? '{"ok":false,"why":"it ended"}')) as { ok: boolean; why?: string };
    if (!answer.ok) throw new Error(`Error: the training command failed: ${answer.why}`);
    return { name, seconds: (performance.now() - began) / 1000, model: await loadModel(readFileSync(join(folder, 'model.onnx')), signature) };
  }
}
