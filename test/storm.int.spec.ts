import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { AnyEvent, Artifact, EventData, EventType, OperationOutput, Pipeline } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import { GovernanceModule } from '@millrace/governance';
import { eventOfRecord } from '@millrace/runtime';
import type { DataRecord } from '@millrace/runtime';
import { openObjectStore, putContent } from '@millrace/storage';
import { TestKafka, eventually, testEnvironment, testService, tokenFor } from '@millrace/testing';
import type { GivenEvent, TestEnvironment, TestService } from '@millrace/testing';

const PIPELINES = 200;
const PLACES = 10;
const BUDGET = 120;
/** Of these the command is really run, and fails; of the others the training set is refused. */
const WITH_COMMAND = 12;
const INCIDENT = 'default/inc-storm';
const UNDER_WAY = `('waiting-for-training-set', 'queued', 'running', 'trained')`;

const idOf = (at: number): string => `default/wear-${at}`;
/** Every loss another one, in no order of the pipelines' names. */
const lossOf = (pipeline: string): number => 1 + ((Number(pipeline.slice(pipeline.lastIndexOf('-') + 1)) * 77) % PIPELINES);
const date = (day: number): string => new Date(Date.UTC(2026, 2, 1 + day)).toISOString();

function definitionOf(at: number, code: Artifact): Pipeline {
  const { pipeline, errors } = parsePipeline(`pipeline: wear-${at}
dataSets:
  readings: { key: id, eventTime: at, columns: { id: string, at: timestamp, load: double } }
  outcomes: { key: id, eventTime: at, columns: { id: string, at: timestamp, wear: double } }
predict: { dataSet: readings }
features: { load: { column: load } }
label: { dataSet: outcomes, column: wear, maturesAfter: 1d }
training: { command: [sh, -c, exit 3], minimumMaturedRows: 500 }
evaluation: { gates: { referenceLoss: 1 } }
rollout: { shadow: { margin: 1 } }
reactions: { coolDown: 0s, tryAgainAfter: 100000, projectRuns: ${BUDGET} per 1d }
`);
  if (!pipeline) throw new TypeError(JSON.stringify(errors));
  return { ...pipeline, training: { ...pipeline.training, code } };
}

/** One data set under 200 pipelines shifts; training is a process of its own, which is killed in the middle. */
describe('a data set that shifts under 200 pipelines', () => {
  let environment: TestEnvironment;
  let governance: TestService;
  let kafka: TestKafka;
  let training: ChildProcess;
  let port: number;
  /** Stands for every training set. */
  let rows: Artifact;
  let records: DataRecord[];
  /** As far as they have come: a killed service may send an event twice, which is one event. */
  const read = new Map<string, AnyEvent>();

  const start = (): ChildProcess =>
    fork(join(import.meta.dirname, '../services/training/src/main.ts'), {
      execArgv: ['--import', join(import.meta.dirname, '../libs/testing/typescript-sources.mjs')],
      env: { PATH: process.env['PATH'], ...environment.envOf('training'), MILLRACE_TRAINING_PORT: String(port), MILLRACE_TRAINING_RUNS_UNDER_WAY: String(PLACES), MILLRACE_TRAINING_SESSION_TIMEOUT_MS: '2000' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });

  beforeAll(async () => {
    environment = await testEnvironment();
    port = await freePort();
    kafka = new TestKafka(environment);
    const store = openObjectStore(environment.objectStoreUrl);
    const code = await putContent(store, 'default/code', Buffer.from('[]'), '.json');
    rows = await putContent(store, 'default/training-sets', Buffer.from('rows'), '.parquet');
    governance = await testService(GovernanceModule, { name: 'governance', environment });
    training = start();
    records = await kafka.collect('millrace.training.trigger', 'millrace.training.run');
    await kafka.sendEvents(...each((at) => ({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: idOf(at), version: 1, definition: definitionOf(at, code) } })));
    await kafka.caughtUp('millrace.training', 'millrace.registry.pipeline', 60_000);
    await kafka.sendEvents(...each((at) => ({ type: 'millrace.deployment.rollout.completed.v1', data: { pipeline: idOf(at), rollout: `default/ro-${at}`, modelVersion: 1, run: `default/run-first-${at}`, previous: null } })));
    await kafka.caughtUp('millrace.training', 'millrace.deployment.rollout', 60_000);
    await publishDays(1, 0, 10);
    await environment.query(`create table storm (n serial, run text, under_way int)`);
    await environment.query(`create function count_under_way() returns trigger language plpgsql as $$ begin
      insert into public.storm (run, under_way) select new.run, count(*) from training.runs where state in ${UNDER_WAY}; return null; end $$`);
    await environment.query(`create trigger storm after update on training.runs for each row
      when (old.state = 'waiting-for-turn' and new.state = 'waiting-for-training-set') execute function public.count_under_way()`);
  }, 180_000);

  afterAll(async () => {
    training?.kill('SIGKILL');
    await kafka?.stop();
    await governance?.stop();
  }, 30_000);

  const of = <T extends EventType>(type: T): EventData[T][] => {
    for (const event of records.splice(0).map(eventOfRecord)) read.set(event.id, event);
    return [...read.values()].flatMap((event) => (event.type === type ? [event.data as EventData[T]] : []));
  };

  it('makes every pipeline want one run, of which no more begin than there are places; the rest queue, the largest estimated loss first', async () => {
    await kafka.sendEvents(...each((at) => drift(idOf(at))));
    await eventually(() => expect(of('millrace.training.run.queued.v1')).toHaveLength(PIPELINES - PLACES), 120_000);
    expect(of('millrace.training.trigger.decided.v1').filter(({ cause, decision, incident }) => cause === 'drift' && decision === 'train' && incident === INCIDENT)).toHaveLength(PIPELINES);
    expect(of('millrace.training.run.queued.v1').every(({ position, because }) => position > 0 && because.some(({ passed }) => !passed))).toBe(true);
    const { underWay, queued } = await queue();
    expect(underWay).toBe(PLACES);
    expect(queued.map(({ position }) => position)).toEqual(queued.map((_, index) => index + 1));
    expect(queued.map(({ estimatedLossPerDay }) => estimatedLossPerDay)).toEqual(queued.map(({ pipeline }) => lossOf(pipeline)).toSorted((a, b) => b - a));
    expect(queued[0]).toMatchObject({ incident: INCIDENT, because: [{ check: 'runs-under-way', measured: PLACES, bound: PLACES }] });
  }, 150_000);

  it('loses nothing when training is killed in the middle, and keeps to the budget of the project', async () => {
    const answered = new Set<string>();
    let killed = false;
    await eventually(async () => {
      const asked = of('millrace.training.run.requested.v1').filter(({ run }) => !answered.has(run));
      for (const { run } of asked) answered.add(run);
      if (asked.length > 0) await kafka.sendEvents(...asked.map(({ pipeline, run }) => (lossOf(pipeline) > PIPELINES - WITH_COMMAND ? created(pipeline, run, rows) : refused(pipeline, run))));
      if (answered.size > BUDGET / 3 && !killed) {
        killed = true;
        training.kill('SIGKILL');
        await once(training, 'exit');
        training = start();
      }
      expect(of('millrace.training.run.failed.v1')).toHaveLength(BUDGET);
    }, 240_000);
    const { underWay, queued } = await eventually(queue, 20_000);
    expect({ underWay, waiting: queued.length }).toEqual({ underWay: 0, waiting: PIPELINES - BUDGET });
    expect(queued.every(({ because }) => because.some(({ check, measured, bound }) => check === 'runs-of-project' && measured === BUDGET && bound === BUDGET))).toBe(true);
    const exits = of('millrace.training.run.failed.v1').filter(({ exitCode }) => exitCode === 3);
    expect(exits.length).toBeGreaterThan(WITH_COMMAND / 2);
  }, 300_000);

  it('gives the rest their turn when event time leaves the period behind, each exactly once and in order of loss', async () => {
    await publishDays(2, 10, 2);
    const answered = new Set(of('millrace.training.run.failed.v1').map(({ run }) => run));
    await eventually(async () => {
      const asked = of('millrace.training.run.requested.v1').filter(({ run }) => !answered.has(run));
      for (const { run } of asked) answered.add(run);
      if (asked.length > 0) await kafka.sendEvents(...asked.map(({ pipeline, run }) => refused(pipeline, run)));
      expect(of('millrace.training.run.failed.v1')).toHaveLength(PIPELINES);
    }, 240_000);
    expect(new Set(of('millrace.training.run.failed.v1').map(({ pipeline }) => pipeline)).size).toBe(PIPELINES);
    expect(await queue()).toMatchObject({ underWay: 0, queued: [] });
    const turns = await environment.query<{ pipeline: string; under_way: number }>('select pipeline, under_way from storm join training.runs using (run) order by n');
    expect(turns).toHaveLength(PIPELINES);
    expect(Math.max(...turns.map(({ under_way }) => under_way))).toBe(PLACES);
    const { body } = await eventually(async () => {
      const answer = await governance.call('getIncidentLineage', { project: 'default', incident: INCIDENT.slice(INCIDENT.indexOf('/') + 1) });
      expect(answer.body.edges?.filter(({ from, to }) => from.startsWith('run:') && to === `incident:${INCIDENT}`)).toHaveLength(PIPELINES);
      return answer;
    }, 30_000);
    expect(body.nodes.find(({ kind }) => kind === 'incident')?.facts).toMatchObject({ pipelines: PIPELINES });
    const losses = turns.slice(PLACES).map(({ pipeline }) => lossOf(pipeline));
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  }, 300_000);

  async function publishDays(version: number, from: number, count: number): Promise<void> {
    await kafka.sendEvents(published('readings', version, from, count), published('outcomes', version, from, count));
    await kafka.caughtUp('millrace.training', 'millrace.ingestion.data-set', 60_000);
  }

  async function queue(): Promise<OperationOutput<'listQueuedRuns'>> {
    const response = await fetch(`http://127.0.0.1:${port}/run-queue`, { headers: { authorization: `Bearer ${await tokenFor(environment, ['viewer'])}` } });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as OperationOutput<'listQueuedRuns'>;
  }
});

function each(event: (at: number) => GivenEvent): GivenEvent[] {
  return Array.from({ length: PIPELINES }, (_, at) => event(at));
}

function drift(pipeline: string): GivenEvent {
  const window = { from: date(3), to: date(4) };
  const perDay = lossOf(pipeline);
  const estimatedLoss = { perPrediction: perDay / 1000, predictionsPerDay: 1000, perDay, basis: 'moved-inputs' as const };
  return { type: 'millrace.monitoring.drift.detected.v1', data: { pipeline, modelVersion: 1, incident: INCIDENT, diagnosis: 'covariate', changePoint: date(3), window, columns: [], estimatedLoss, because: [] } };
}

function published(name: string, version: number, from: number, count: number): GivenEvent {
  const file = { url: 'file:///nowhere/part', sha256: '0'.repeat(64), sizeBytes: 1 };
  const days = Array.from({ length: count }, (_, index) => ({ day: date(from + index).slice(0, 10), rows: 100 }));
  return {
    type: 'millrace.ingestion.data-set.version-published.v1',
    data: {
      dataSet: `default/${name}`,
      version,
      pipeline: idOf(0),
      kind: 'records',
      tableUrl: 'file:///nowhere',
      rows: count * 100,
      totalRows: (from + count) * 100,
      rowsByDay: days,
      segments: [{ segment: `default/seg-${name}-${version}`, file, rows: count * 100 }],
      removedSegments: [],
      minEventTime: date(from),
      maxEventTime: date(from + count),
      watermark: date(from + count),
      offsets: [],
    },
  };
}

function refused(pipeline: string, run: string): GivenEvent {
  return { type: 'millrace.feature-store.training-set.refused.v1', data: { pipeline, run, because: [{ check: 'training-rows', passed: false, measured: 10, bound: 50 }] } };
}

function created(pipeline: string, run: string, file: Artifact): GivenEvent {
  const window = { from: date(0), to: date(9) };
  const signature = { task: 'regression' as const, inputs: [{ name: 'load', type: 'double' as const }], output: 'value' as const };
  return {
    type: 'millrace.feature-store.training-set.created.v1',
    data: { pipeline, run, trainingSet: `default/ts-${run.slice(-8)}`, file, rows: 1, holdOuts: [], signature, dataSetVersions: [], featureView: { view: pipeline, version: 1 }, asOf: window.to, window, embargoMs: 0, excluded: [] },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
