import { spawn } from 'node:child_process';
import type { AnyEvent, EventData } from '@millrace/contracts';
import { openObjectStore, putContent } from '@millrace/storage';
import { TestKafka, eventually, testEnvironment, testService } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { wearPipeline } from '../pipeline.fixture.js';
import { TrainingModule } from '../training.module.js';
import { startTicksOf } from './process-identity.js';

const pipeline = 'default/wear';

/** A run whose command sleeps, so that the service can be taken away under it. */
describe('a run under way', () => {
  let environment: TestEnvironment;
  let service: TestService;
  let kafka: TestKafka;
  let events: () => AnyEvent[];
  let run: string;

  beforeAll(async () => {
    environment = await testEnvironment();
    service = await testService(TrainingModule, { name: 'training', environment });
    kafka = new TestKafka(environment);
    events = await kafka.collectEvents('millrace.training.run.started.v1', 'millrace.training.run.failed.v1', 'millrace.training.run.cancelled.v1');
    run = await startedRun(['sh', '-c', 'sleep 60']);
  }, 60_000);

  afterAll(async () => {
    await kafka?.stop();
    await service?.stop();
  }, 30_000);

  it('is ended with its service and begun again, as the next attempt, by the next instance', async () => {
    const [first] = await processes();
    await service.stop();
    await eventually(() => expect(startTicksOf(first?.pid ?? 0)).not.toBe(first?.startTicks));
    service = await testService(TrainingModule, { name: 'training', environment });
    await attempts(2);
  }, 30_000);

  it('that a killed service left behind is ended before the next attempt begins', async () => {
    await service.stop();
    const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const left = { instance: 'killed', pid: orphan.pid, startTicks: startTicksOf(orphan.pid ?? 0) };
    const ended = new Promise<NodeJS.Signals | null>((resolve) => orphan.once('exit', (_, signal) => resolve(signal)));
    await environment.query('update training.runs set process = $1 where run = $2', [JSON.stringify(left), run]);
    service = await testService(TrainingModule, { name: 'training', environment });
    expect(await ended).toBe('SIGKILL');
    await attempts(3);
  }, 30_000);

  it('is given up after the third attempt', async () => {
    await service.stop();
    service = await testService(TrainingModule, { name: 'training', environment });
    const failure = await eventually(() => {
      const found = events().find(({ type }) => type === 'millrace.training.run.failed.v1');
      if (!found) throw new Error('not failed yet');
      return found.data as EventData['millrace.training.run.failed.v1'];
    });
    expect(failure).toMatchObject({ run, because: [{ check: 'attempts', measured: 3, bound: 3 }] });
  }, 30_000);

  it('is ended when its time is over', async () => {
    const late = await startedRun(['sh', '-c', 'sleep 60'], 300);
    const failure = await eventually(() => {
      const found = events().find(({ type, data }) => type === 'millrace.training.run.failed.v1' && (data as { run: string }).run === late);
      if (!found) throw new Error('not failed yet');
      return found.data as EventData['millrace.training.run.failed.v1'];
    });
    expect(failure).toMatchObject({ exitCode: null, because: [{ check: 'command-time-ms', bound: 300 }] });
  }, 30_000);

  it('is ended when the data that it reads turn out to be broken, and what asked for it is held', async () => {
    const doomed = await startedRun(['sh', '-c', 'sleep 60'], 50_000);
    const [command] = await processes();
    const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
    await kafka.sendEvents({
      type: 'millrace.monitoring.drift.detected.v1',
      data: { pipeline, modelVersion: 1, incident: 'default/inc-1', diagnosis: 'data-incident', changePoint: window.from, window, columns: [], because: [] },
    });
    await stateOf(doomed, 'cancelled');
    await eventually(() => expect(startTicksOf(command?.pid ?? 0)).not.toBe(command?.startTicks));
    const cancelled = await eventually(() => {
      const found = events().find(({ type }) => type === 'millrace.training.run.cancelled.v1');
      if (!found) throw new Error('not told yet');
      return found.data;
    });
    expect(cancelled).toMatchObject({ run: doomed, incident: 'default/inc-1', because: [{ check: 'data-are-sound', passed: false }] });
    const { body } = await service.call('listTriggers', { project: 'default', name: 'wear' });
    expect(body.triggers.find(({ trigger }) => trigger === (cancelled as { trigger: string }).trigger)).toMatchObject({ state: 'held', run: null });
    expect(events().some(({ type, data }) => type === 'millrace.training.run.failed.v1' && (data as { run: string }).run === doomed)).toBe(false);
  }, 30_000);

  const stateOf = (id: string, state: string): Promise<void> =>
    eventually(async () => expect((await service.call('getRun', { project: 'default', run: id.slice(id.indexOf('/') + 1) })).body.state).toBe(state), 15_000);

  const attempts = (count: number): Promise<void> =>
    eventually(() => expect(events().filter(({ type }) => type === 'millrace.training.run.started.v1').map(({ data }) => (data as { attempt: number }).attempt)).toEqual(Array.from({ length: count }, (_, index) => index + 1)), 15_000);

  const processes = (): Promise<{ pid: number; startTicks: string }[]> =>
    eventually(async () => {
      const found = await environment.query<{ process: { pid: number; startTicks: string } | null }>('select process from training.runs');
      const pids = found.flatMap(({ process }) => (process?.pid ? [process] : []));
      expect(pids).toHaveLength(1);
      return pids;
    });

  async function startedRun(command: string[], timeoutMs = 60_000): Promise<string> {
    const objects = openObjectStore(environment.objectStoreUrl);
    const code = await putContent(objects, 'default/code', Buffer.from('[]'), '.json');
    const file = await putContent(objects, 'default/training-sets', Buffer.from('rows'), '.parquet');
    const definition = wearPipeline();
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline, version: 100_000 - timeoutMs, definition: { ...definition, training: { ...definition.training, command, code, timeoutMs } } } });
    await kafka.caughtUp('millrace.training', 'millrace.registry.pipeline');
    const { body } = await service.call('requestRun', { project: 'default', name: 'wear', reason: 'test' });
    const requested = body.run ?? '';
    await stateOf(requested, 'waiting-for-training-set');
    const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
    const signature = { task: 'regression', inputs: [{ name: 'load', type: 'double' }], output: 'value' } as const;
    await kafka.sendEvents({
      type: 'millrace.feature-store.training-set.created.v1',
      data: { pipeline, run: requested, trainingSet: 'default/ts-1', file, rows: 1, holdOuts: [], signature: { ...signature, inputs: [...signature.inputs] }, dataSetVersions: [], featureView: { view: pipeline, version: 1 }, asOf: window.to, window, embargoMs: 0, excluded: [] },
    });
    await eventually(() => expect(events().some(({ type, data }) => type === 'millrace.training.run.started.v1' && (data as { run: string }).run === requested)).toBe(true));
    return requested;
  }
});
