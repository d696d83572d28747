import type { AnyEvent, EventData, EventType } from '@millrace/contracts';
import type { GivenEvent, TestService } from '@millrace/testing';
import { TestKafka, eventually, testService } from '@millrace/testing';
import { wearPipeline } from './pipeline.fixture.js';
import { TrainingModule } from './training.module.js';

const pipeline = 'default/wear';
const artifact = { url: 'file:///nowhere/part', sha256: '0'.repeat(64), sizeBytes: 1 };
const own = [
  'millrace.training.pipeline-part.ready.v1',
  'millrace.training.trigger.decided.v1',
  'millrace.training.run.requested.v1',
  'millrace.training.run.failed.v1',
  'millrace.training.hold.placed.v1',
  'millrace.training.hold.lifted.v1',
] as const satisfies EventType[];
type Own = (typeof own)[number];

/** Days from 1 March 2026 on, 100 rows each. */
const days = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ day: date(from + index).slice(0, 10), rows: 100 }));
const date = (day: number): string => new Date(Date.UTC(2026, 2, 1 + day)).toISOString();

function published(name: string, version: number, from: number, count: number): GivenEvent<'millrace.ingestion.data-set.version-published.v1'> {
  return {
    type: 'millrace.ingestion.data-set.version-published.v1',
    data: {
      dataSet: `default/${name}`,
      version,
      pipeline,
      kind: 'records',
      tableUrl: 'file:///nowhere',
      rows: count * 100,
      totalRows: (from + count) * 100,
      rowsByDay: days(from, count),
      segments: [{ segment: `default/seg-${name}-${version}`, file: artifact, rows: count * 100 }],
      removedSegments: [],
      minEventTime: date(from),
      maxEventTime: date(from + count),
      watermark: date(from + count),
      offsets: [],
    },
  };
}

const drift = (diagnosis: EventData['millrace.monitoring.drift.detected.v1']['diagnosis'], incident: string, changeDay: number, of = pipeline): GivenEvent<'millrace.monitoring.drift.detected.v1'> => ({
  type: 'millrace.monitoring.drift.detected.v1',
  data: {
    pipeline: of,
    modelVersion: 1,
    incident,
    diagnosis,
    changePoint: date(changeDay),
    window: { from: date(changeDay), to: date(changeDay + 1) },
    columns: [{ column: 'load', distance: 1, threshold: 0.1, share: 1 }],
    because: [],
  },
});

describe('training', () => {
  let service: TestService;
  let kafka: TestKafka;
  let events: () => AnyEvent[];

  beforeAll(async () => {
    service = await testService(TrainingModule, { name: 'training' });
    kafka = new TestKafka(service.environment);
    events = await kafka.collectEvents(...own);
  }, 60_000);

  afterAll(async () => {
    await kafka?.stop();
    await service?.stop();
  });

  const of = <T extends Own>(type: T): EventData[T][] => events().filter((event) => event.type === type).map(({ data }) => data as EventData[T]);
  const decisions = () => of('millrace.training.trigger.decided.v1');
  const requested = () => of('millrace.training.run.requested.v1');
  const asked = (count: number) => eventually(() => expect(requested()).toHaveLength(count));
  const decided = (count: number) => eventually(() => expect(decisions()).toHaveLength(count));

  it('accepts a pipeline whose command can be started, and waits for its first labels', async () => {
    const definition = wearPipeline();
    await kafka.sendEvents(
      { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline, version: 1, definition, source: '', sha256: '0'.repeat(64), changes: [], previousVersion: null } },
      { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline, version: 1, definition } },
    );
    await decided(1);
    expect(of('millrace.training.pipeline-part.ready.v1')).toHaveLength(1);
    expect(decisions()[0]).toMatchObject({ cause: 'first-version', decision: 'wait-for-labels', maturedRows: 0, neededRows: 500 });
  });

  it('refuses a pipeline without effect when its command is not there', async () => {
    const definition = wearPipeline();
    const check = await service.call('checkTrainingPart', { definition: { ...definition, training: { ...definition.training, command: ['no-such-program'] } } }, { roles: ['service'], subject: 'service:registry' });
    expect(check.body).toMatchObject({ accepted: false, because: [{ check: 'training-command-found', passed: false }, { passed: true }] });
  });

  it('asks for the first run once enough outcomes are final in both data sets', async () => {
    await kafka.sendEvents(published('readings', 1, 0, 10), published('outcomes', 1, 0, 4));
    await kafka.sendEvents(published('outcomes', 2, 4, 4));
    await decided(2);
    expect(decisions()[1]).toMatchObject({ decision: 'train', maturedRows: 700 });
    await asked(1);
    expect(requested()).toEqual([expect.objectContaining({ cause: 'first-version', changePoint: null, asOf: date(8), champion: null, excluded: [] })]);
    const decision = events().filter(({ type }) => type === 'millrace.training.trigger.decided.v1').at(-1);
    const request = events().find(({ type }) => type === 'millrace.training.run.requested.v1');
    expect(request).toMatchObject({ causationId: decision?.id, correlationId: decision?.correlationId, pipelineVersion: 1 });
  });

  it('remembers a refused training set and asks again when as many rows more are final', async () => {
    const run = requested()[0]?.run ?? '';
    await kafka.sendEvents({ type: 'millrace.feature-store.training-set.refused.v1', data: { pipeline, run, because: [{ check: 'training-rows', passed: false, measured: 10, bound: 50 }] } });
    await decided(3);
    await eventually(() => expect(of('millrace.training.run.failed.v1')).toHaveLength(1));
    expect(decisions()[2]).toMatchObject({ decision: 'wait-for-labels', because: [{ check: 'matured-rows-since-refusal', measured: 700, bound: 1200 }] });
    await kafka.sendEvents(published('readings', 2, 10, 4), published('outcomes', 3, 8, 6));
    await asked(2);
    await decided(4);
  });

  it('leaves monitoring to deployment while a rollout is open, and follows its end', async () => {
    const run = requested()[1]?.run ?? '';
    await approve(run, 1);
    await kafka.sendEvents(drift('concept', 'default/inc-0', 12));
    await decided(5);
    expect(decisions()[4]).toMatchObject({ cause: 'drift', decision: 'ignore' });
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.completed.v1', data: { pipeline, rollout: 'default/ro-1', modelVersion: 1, run, previous: null } });
    await eventually(async () => expect((await service.environment.query<{ champion: unknown }>('select champion from training.pipelines'))[0]?.champion).toEqual({ modelVersion: 1, run }));
  });

  it('waits for labels behind the change point, is held by a data incident, and goes on when that is over', async () => {
    await kafka.sendEvents(drift('concept', 'default/inc-1', 13));
    await decided(6);
    expect(decisions()[5]).toMatchObject({ decision: 'wait-for-labels', changePoint: date(13) });
    await kafka.sendEvents(drift('data-incident', 'default/inc-2', 15));
    await eventually(() => expect(of('millrace.training.hold.placed.v1')).toHaveLength(1));
    await kafka.sendEvents(published('readings', 3, 14, 7), published('outcomes', 4, 14, 7));
    await eventually(() => expect(decisions().at(-1)).toMatchObject({ cause: 'drift', decision: 'hold', changePoint: date(13) }));
    expect(requested()).toHaveLength(2);
    const impatient = await service.call('requestRun', { project: 'default', name: 'wear', reason: 'impatience' });
    expect(impatient.body).toMatchObject({ state: 'held' });
    await kafka.sendEvents({ type: 'millrace.monitoring.alert.resolved.v1', data: { pipeline, alert: 'default/al-1', incident: 'default/inc-2', kind: 'data-incident', window: { from: date(15), to: date(17) }, resolvedAt: date(17), because: [] } });
    await asked(3);
    expect(requested()[2]).toMatchObject({ cause: 'drift', changePoint: date(13), champion: { modelVersion: 1 }, excluded: [{ from: date(15), to: date(17) }] });
    await eventually(() => expect(of('millrace.training.hold.lifted.v1')).toHaveLength(1));
    expect(of('millrace.training.hold.lifted.v1')).toEqual([expect.objectContaining({ incident: 'default/inc-2', excluded: { from: date(15), to: date(17) } })]);
    const { body } = await service.call('listTriggers', { project: 'default', name: 'wear' });
    expect(body.triggers.filter(({ cause, state }) => cause === 'drift' && state === 'dropped')).toHaveLength(1);
  });

  it('answers an unknown run and an unknown pipeline as problems', async () => {
    expect(await service.call('getRun', { project: 'default', run: 'run-none' })).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
    expect(await service.call('requestRun', { project: 'default', name: 'none', reason: 'x' })).toMatchObject({ status: 404, body: { code: 'pipeline-not-found' } });
    expect(await service.request('POST', '/pipelines/default/wear/runs', { reason: 'x', colour: 'red' })).toMatchObject({ status: 422 });
  });

  it('asks for a run by the schedule once nothing else has for as long, and not while one is under way', async () => {
    const paced = 'default/paced';
    const definition = { ...wearPipeline(), id: paced, name: 'paced', reactions: { ...wearPipeline().reactions, everyMs: 3 * 86_400_000 } };
    const causes = () => requested().filter((request) => request.pipeline === paced).map(({ cause }) => cause);
    await kafka.sendEvents(
      { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: paced, version: 1, definition, source: '', sha256: '0'.repeat(64), changes: [], previousVersion: null } },
      { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: paced, version: 1, definition } },
    );
    await eventually(() => expect(causes()).toEqual(['first-version']));
    const run = requested().find((request) => request.pipeline === paced)?.run ?? '';
    await approve(run, 1, paced);
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.completed.v1', data: { pipeline: paced, rollout: 'default/ro-2', modelVersion: 1, run, previous: null } });
    await eventually(async () => expect((await service.environment.query<{ champion: unknown }>('select champion from training.pipelines where pipeline = $1', [paced]))[0]?.champion).toEqual({ modelVersion: 1, run }));
    await kafka.sendEvents(published('readings', 4, 21, 2), published('outcomes', 5, 21, 2));
    await kafka.sendEvents(published('readings', 5, 23, 1), published('outcomes', 6, 23, 1));
    await eventually(() => expect(causes()).toEqual(['first-version', 'schedule']));
    expect(requested().findLast((request) => request.pipeline === paced)).toMatchObject({ changePoint: null, asOf: date(24), champion: { modelVersion: 1 } });
    await kafka.sendEvents(published('readings', 6, 24, 7), published('outcomes', 7, 24, 7));
    await eventually(async () => expect((await service.environment.query<{ version: number }>(`select version from training.data_sets where data_set = 'default/outcomes'`))[0]?.version).toBe(7));
    expect(causes()).toHaveLength(2);
  });

  it('asks for what was found while a rollout was open once that is taken back, and is held by broken data meanwhile', async () => {
    const paced = 'default/paced';
    const mine = () => decisions().filter((decision) => decision.pipeline === paced);
    const run = requested().findLast((request) => request.pipeline === paced)?.run ?? '';
    await approve(run, 2, paced);
    await kafka.sendEvents(drift('concept', 'default/inc-3', 25, paced));
    await eventually(() => expect(mine().at(-1)).toMatchObject({ cause: 'drift', decision: 'wait-for-labels', because: [{ check: 'no-rollout-open' }] }));
    await kafka.sendEvents(drift('data-incident', 'default/inc-4', 30, paced));
    await eventually(() => expect(of('millrace.training.hold.placed.v1').at(-1)).toMatchObject({ pipeline: paced, incident: 'default/inc-4' }));
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.rolled-back.v1', data: { pipeline: paced, rollout: 'default/ro-3', modelVersion: 2, restored: { modelVersion: 1, run: 'default/run-1' }, because: [] } });
    await eventually(() => expect(mine().at(-1)).toMatchObject({ changePoint: date(25), decision: 'hold' }));
    await kafka.sendEvents({ type: 'millrace.monitoring.alert.resolved.v1', data: { pipeline: paced, alert: 'default/al-4', incident: 'default/inc-4', kind: 'data-incident', window: { from: date(30), to: date(31) }, resolvedAt: date(31), because: [] } });
    await eventually(() => expect(requested().at(-1)).toMatchObject({ pipeline: paced, cause: 'drift', changePoint: date(25), champion: { modelVersion: 1 }, excluded: [{ from: date(30), to: date(31) }] }));
  });

  async function approve(run: string, modelVersion: number, of = pipeline): Promise<void> {
    const signature = { task: 'regression', inputs: [{ name: 'load', type: 'double' }], output: 'value' } as const;
    await kafka.sendEvents({
      type: 'millrace.registry.model-version.approved.v1',
      data: {
        pipeline: of,
        modelVersion,
        run,
        model: artifact,
        signed: { keyId: 'k', signature: 's' },
        serving: { keyColumn: 'id', eventTimeColumn: 'at', columns: [], features: [], signature: { ...signature, inputs: [...signature.inputs] }, featureView: { view: of, version: 1 } },
        approvedBy: 'service:registry',
        because: [],
      },
    });
    await eventually(async () => expect((await service.call('getRun', { project: 'default', run: run.slice(run.indexOf('/') + 1) })).body.state).toBe('approved'));
  }
});
