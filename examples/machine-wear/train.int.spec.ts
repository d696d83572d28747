import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AnyEvent, Artifact, EventData, EventType, Pipeline, Signature } from '@millrace/contracts';
import { judgeGate, gatePolicyOf, parsePipeline } from '@millrace/decisions';
import { pythonBinDirectory } from '@millrace/infra';
import { DuckDb, openObjectStore, putContent, putContentOfFile, sqlLiteral, type ObjectStore } from '@millrace/storage';
import { TestKafka, eventually, testEnvironment, testService, tokenFor, type TestEnvironment, type TestService } from '@millrace/testing';
import { TrainingModule } from '@millrace/training';
import { generateMachineDays } from './generate.ts';

const pipeline = 'default/machine-wear';
const folder = import.meta.dirname;
const trainingDays = 10;
const holdOutDays = { from: 11, to: 15 };
const sealed = { kind: 'recent', holdOut: 'default/ho-1' } as const;
const own = ['millrace.training.run.requested.v1', 'millrace.training.run.started.v1', 'millrace.training.run.completed.v1', 'millrace.training.run.failed.v1', 'millrace.training.evaluation.completed.v1'] as const satisfies EventType[];

/** Real Python commands with the unmodified MLflow client against the real service; a small server stands in for the feature store's sealed rows. */
describe('a training command', () => {
  let environment: TestEnvironment;
  let service: TestService;
  let kafka: TestKafka;
  let events: () => AnyEvent[];
  let objects: ObjectStore;
  let duckDb: DuckDb;
  let featureStore: Server;
  let trainingFile: Artifact;
  let holdOut: Uint8Array;

  beforeAll(async () => {
    environment = await testEnvironment();
    objects = openObjectStore(environment.objectStoreUrl);
    duckDb = await DuckDb.open();
    await loadMachineDays(duckDb);
    trainingFile = await stored(0, trainingDays);
    holdOut = await objects.get(objects.keyOf((await stored(holdOutDays.from, holdOutDays.to)).url));
    featureStore = createServer((request, response) => void (request.url === `/hold-outs/${sealed.holdOut}` ? response.end(holdOut) : response.writeHead(404).end()));
    await new Promise<void>((resolve) => void featureStore.listen(0, '127.0.0.1', resolve));
    const { port } = featureStore.address() as AddressInfo;
    const env = { MILLRACE_TRAINING_PYTHON: pythonBinDirectory(), MILLRACE_TRAINING_SERVICE_URLS: JSON.stringify({ 'feature-store': `http://127.0.0.1:${port}` }) };
    service = await testService(TrainingModule, { name: 'training', environment, env });
    kafka = new TestKafka(environment);
    events = await kafka.collectEvents(...own);
  }, 60_000);

  afterAll(async () => {
    await kafka?.stop();
    await service?.stop();
    await new Promise((resolve) => featureStore.close(resolve));
    await duckDb.close();
  }, 30_000);

  it('is run with its data, logs through MLflow, and its model is scored by the platform on sealed rows', async () => {
    const { run } = await requestedRun(1, await pipelineWithCode('train.py', ['python3', 'train.py']));
    await sendTrainingSet(run);
    const evaluation = await outcomeOf('millrace.training.evaluation.completed.v1', run);
    const completed = await outcomeOf('millrace.training.run.completed.v1', run);
    expect(completed.metrics).toMatchObject({ rows: expect.any(Number), train_rmse: expect.any(Number) });
    expect(completed.parity).toMatchObject({ rows: 200, passed: true });
    expect(evaluation.holdOuts[0]?.metrics.challenger['r-squared']).toBeGreaterThan(0.6);
    expect(evaluation.holdOuts[0]?.blocks).toHaveLength(4);
    const [losses] = await duckDb.query<{ rows: number; loss: number }>(`select count(*) as rows, avg(challenger_loss) as loss from read_parquet(${sqlLiteral(await objects.localPath(evaluation.rowLosses.url, evaluation.rowLosses))})`);
    expect(losses).toEqual({ rows: evaluation.holdOuts[0]?.rows, loss: expect.closeTo(evaluation.holdOuts[0]?.metrics.challenger['squared-error'] ?? NaN, 9) });
    expect(verdictOf(evaluation)).toBe('better');
  }, 60_000);

  it('can be looked at with the unmodified MLflow client', async () => {
    const token = await tokenFor(environment, ['scientist']);
    const { stdout } = await promisify(execFile)('python3', ['-c', lookAtRuns], {
      env: { PATH: `${pythonBinDirectory()}:${process.env['PATH'] ?? ''}`, HOME: environment.home, MLFLOW_TRACKING_URI: service.url, MLFLOW_TRACKING_TOKEN: token, MLFLOW_DISABLE_TELEMETRY: 'true' },
    });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      status: 'FINISHED',
      params: { halfLifeDays: '3' },
      algorithm: 'ridge regression',
      artifacts: ['coefficients.json', 'environment.txt', 'model.onnx', 'parity.json', 'training.log'],
      coefficients: expect.any(Number),
      filtered: 1,
      history: [0.1, 0.2],
      own: { a: '1' },
      changed: expect.stringContaining('Changing param values is not allowed'),
      missing: 'RESOURCE_DOES_NOT_EXIST',
      folder: ['notes/hello.txt'],
    });
  }, 60_000);

  it('that answers a constant and logs a perfect score is refused by the sealed rows', async () => {
    await releaseRun();
    const { run } = await requestedRun(2, await pipelineWithCode('cheating/train.py', ['python3', 'cheating/train.py']));
    await sendTrainingSet(run);
    const completed = await outcomeOf('millrace.training.run.completed.v1', run);
    expect(completed.metrics).toEqual({ rmse: 0, r2: 1 });
    const evaluation = await outcomeOf('millrace.training.evaluation.completed.v1', run);
    expect(evaluation.holdOuts[0]?.metrics.challenger['r-squared']).toBeLessThan(0.01);
    expect(verdictOf(evaluation)).toBe('gate-failed');
  }, 60_000);

  it('that fails is reported with its exit code and what it printed', async () => {
    await releaseRun();
    const { run } = await requestedRun(3, await pipelineWithCode('train.py', ['python3', '-c', 'import sys; print("no luck"); sys.exit(7)']));
    await sendTrainingSet(run);
    const failed = await outcomeOf('millrace.training.run.failed.v1', run);
    expect(failed).toMatchObject({ exitCode: 7, because: [{ check: 'command-exit-code', measured: 7 }] });
    expect(Buffer.from(await objects.get(objects.keyOf(failed.log?.url ?? ''))).toString()).toBe('no luck\n');
  }, 30_000);

  it('sees nothing of the service but its contract, and its token opens its own run only', async () => {
    const script = 'import json, os, sys; print(json.dumps(sorted(os.environ))); print(os.environ["MLFLOW_TRACKING_TOKEN"]); sys.exit(1)';
    const { run } = await requestedRun(4, await pipelineWithCode('train.py', ['python3', '-c', script]));
    await sendTrainingSet(run);
    const failed = await outcomeOf('millrace.training.run.failed.v1', run);
    const [names = '', token = ''] = Buffer.from(await objects.get(objects.keyOf(failed.log?.url ?? ''))).toString().trim().split('\n');
    expect((JSON.parse(names) as string[]).filter((name) => name.startsWith('MILLRACE_'))).toEqual(['MILLRACE_CHANGE_POINT', 'MILLRACE_OUTPUT', 'MILLRACE_PARAMETERS', 'MILLRACE_SEED', 'MILLRACE_SIGNATURE', 'MILLRACE_TRAINING_SET']);
    const asRun = (path: string, body: object): Promise<Response> => fetch(`${service.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const other = events().find(({ type }) => type === 'millrace.training.run.completed.v1')?.data as EventData['millrace.training.run.completed.v1'];
    expect((await asRun('/api/2.0/mlflow/runs/log-metric', { run_id: other.run.split('/')[1], key: 'x', value: 1, timestamp: 1 })).status).toBe(403);
    expect((await asRun('/api/2.0/mlflow/runs/log-metric', { run_id: run.split('/')[1], key: 'x', value: 1, timestamp: 1 })).status).toBe(200);
    expect((await asRun('/pipelines/default/machine-wear/runs', { reason: 'x' })).status).toBe(403);
  }, 30_000);

  const outcomeOf = <T extends (typeof own)[number]>(type: T, run: string): Promise<EventData[T]> =>
    eventually(() => {
      const failure = events().find((event) => event.type === 'millrace.training.run.failed.v1' && (event.data as { run: string }).run === run);
      if (failure && type !== failure.type) throw new Error(JSON.stringify(failure.data));
      const found = events().find((event) => event.type === type && (event.data as { run: string }).run === run);
      if (!found) throw new Error(`no ${type} for ${run}`);
      return found.data as EventData[T];
    }, 30_000);

  /** Activates a version of the pipeline and asks for a run as a person. */
  async function requestedRun(version: number, definition: Pipeline): Promise<{ run: string }> {
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline, version, definition } });
    await kafka.caughtUp('millrace.training', 'millrace.registry.pipeline');
    const run = await eventually(async () => {
      const { body } = await service.call('requestRun', { project: 'default', name: 'machine-wear', reason: 'test' });
      if (!body.run) throw new Error(JSON.stringify(body));
      return body.run;
    });
    // It waits for its turn before it asks for a training set.
    await outcomeOf('millrace.training.run.requested.v1', run);
    return { run };
  }

  async function releaseRun(): Promise<void> {
    const last = events().findLast(({ type }) => type === 'millrace.training.evaluation.completed.v1')?.data as EventData['millrace.training.evaluation.completed.v1'];
    await kafka.sendEvents({ type: 'millrace.registry.model-version.rejected.v1', data: { pipeline, modelVersion: 1, run: last.run, because: [], verdict: 'person' } });
    await eventually(async () => expect((await service.call('getRun', { project: 'default', run: last.run.split('/')[1] ?? '' })).body.state).toBe('rejected'));
  }

  async function pipelineWithCode(path: string, command: string[]): Promise<Pipeline> {
    const parsed = parsePipeline(readFileSync(join(folder, 'pipeline.yaml'), 'utf8'));
    if (parsed.errors) throw new Error(JSON.stringify(parsed.errors));
    const files = [{ path, contentBase64: readFileSync(join(folder, path)).toString('base64') }];
    const code = await putContent(objects, 'default/code', Buffer.from(JSON.stringify(files)), '.json');
    return { ...parsed.pipeline, training: { ...parsed.pipeline.training, command, code } };
  }

  async function sendTrainingSet(run: string): Promise<void> {
    const window = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-12T00:00:00.000Z' };
    const holdOuts = [{ ...sealed, sha256: createHash('sha256').update(holdOut).digest('hex'), rows: 960, window }];
    await kafka.sendEvents({
      type: 'millrace.feature-store.training-set.created.v1',
      data: { pipeline, run, trainingSet: 'default/ts-1', file: trainingFile, rows: 2400, holdOuts, signature, dataSetVersions: [], featureView: { view: pipeline, version: 1 }, asOf: window.to, window, embargoMs: 0, excluded: [] },
    });
  }

  async function stored(from: number, to: number): Promise<Artifact> {
    const path = join(environment.home, `rows-${from}.parquet`);
    await duckDb.copyToParquet(`select * exclude (day) from machine_rows where day >= ${from} and day < ${to}`, path);
    return putContentOfFile(objects, 'default/training-sets', path, '.parquet');
  }
});

const signature: Signature = {
  task: 'regression',
  inputs: [
    { name: 'product', type: 'string' },
    { name: 'temperature_c', type: 'double' },
    { name: 'load_ratio', type: 'double' },
    { name: 'coolant_pressure_bar', type: 'double' },
    { name: 'mean_wear_12h', type: 'double', nullable: true },
  ],
  output: 'value',
};

function verdictOf({ holdOuts, parity }: EventData['millrace.training.evaluation.completed.v1']): string {
  const parsed = parsePipeline(readFileSync(join(folder, 'pipeline.yaml'), 'utf8'));
  if (parsed.errors) throw new Error('the example does not parse');
  return judgeGate({ holdOuts, parity, parityTolerance: 1e-3 }, gatePolicyOf(parsed.pipeline.evaluation, 1)).verdict;
}

async function loadMachineDays(duckDb: DuckDb): Promise<void> {
  const days = [...generateMachineDays({ days: holdOutDays.to + 1 })];
  await duckDb.query(`create table readings (reading_id varchar, event_time timestamptz, machine_id varchar, product varchar, temperature_c double, load_ratio double, coolant_pressure_bar double, day int)`);
  await duckDb.query(`create table outcomes (reading_id varchar, machine_id varchar, measured_at timestamptz, wear_um double)`);
  for (const [day, { readings, outcomes }] of days.entries()) {
    await duckDb.query(`insert into readings values ${readings.map((r) => `('${r.reading_id}', '${r.event_time}', '${r.machine_id}', '${r.product}', ${r.temperature_c}, ${r.load_ratio}, ${r.coolant_pressure_bar}, ${day})`).join(', ')}`);
    await duckDb.query(`insert into outcomes values ${outcomes.map((o) => `('${o.reading_id}', '${o.machine_id}', '${o.measured_at}', ${o.wear_um})`).join(', ')}`);
  }
  await duckDb.query(`create table machine_rows as select r.reading_id as _key, r.event_time as _event_time, product, temperature_c, load_ratio, coolant_pressure_bar,
    (select avg(x.wear_um) from outcomes x where x.machine_id = r.machine_id and x.measured_at <= r.event_time and x.measured_at > r.event_time - interval 12 hour) as mean_wear_12h,
    o.wear_um as _label, day from readings r join outcomes o using (reading_id)`);
}

const lookAtRuns = `
import json, mlflow
from mlflow.exceptions import MlflowException
client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name("default/machine-wear")
run = client.search_runs([experiment.experiment_id], "metrics.train_rmse > 0", order_by=["start_time ASC"])[0]
mlflow.set_experiment("notebook")
with mlflow.start_run() as own:
    mlflow.log_param("a", 1)
    mlflow.log_metric("loss", 0.1, step=0)
    mlflow.log_metric("loss", 0.2, step=1)
    mlflow.log_text("hello", "notes/hello.txt")
    try:
        mlflow.log_param("a", 2)
    except MlflowException as error:
        changed = str(error)
try:
    client.get_run("none")
except MlflowException as error:
    missing = error.error_code
found = client.search_runs([own.info.experiment_id], "metrics.loss >= 0.2 and params.a = '1' and attributes.status = 'FINISHED'")
print(json.dumps({
    "status": run.info.status,
    "params": run.data.params,
    "algorithm": run.data.tags["algorithm"],
    "artifacts": sorted(f.path for f in client.list_artifacts(run.info.run_id)),
    "coefficients": mlflow.artifacts.load_dict(run.info.artifact_uri + "/coefficients.json")["intercept"],
    "filtered": len(found),
    "history": [m.value for m in client.get_metric_history(own.info.run_id, "loss")],
    "own": found[0].data.params,
    "changed": changed,
    "missing": missing,
    "folder": [f.path for f in client.list_artifacts(own.info.run_id, "notes")],
}))
`;
