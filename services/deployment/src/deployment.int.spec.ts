import type { AnyEvent, EventData, EventType } from '@millrace/contracts';
import { eventually, testEnvironment, TestKafka, testService } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { UnitOfWork } from '@millrace/runtime';
import { approvalOf, pipeline } from './deployment.fixture.js';
import { DeploymentModule } from './deployment.module.js';
import { endOverdueRollouts } from './use-cases/end-overdue-rollouts.js';

type Stepped = EventData['millrace.deployment.rollout.stepped.v1'];
type Verdict = EventData['millrace.monitoring.analysis.completed.v1']['verdict'];

describe('deployment', () => {
  let environment: TestEnvironment;
  let service: TestService;
  let kafka: TestKafka;
  let events: () => AnyEvent[];
  const name = { project: 'default', name: 'churn' };

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    service = await testService(DeploymentModule, { name: 'deployment', environment });
    events = await kafka.collectEvents(
      'millrace.deployment.pipeline-part.ready.v1',
      'millrace.deployment.rollout.started.v1',
      'millrace.deployment.rollout.stepped.v1',
      'millrace.deployment.rollout.completed.v1',
      'millrace.deployment.rollout.rolled-back.v1',
      'millrace.deployment.rollout.superseded.v1',
      'millrace.deployment.rollout.paused.v1',
      'millrace.deployment.route.changed.v1',
    );
    const { id, version } = { id: pipeline.id, version: 1 };
    const applied = { pipeline: id, version, definition: pipeline, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null };
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: applied }, { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: id, version, definition: pipeline } });
    await next('millrace.deployment.pipeline-part.ready.v1', () => true);
  }, 120_000);

  afterAll(async () => {
    await service.stop();
    await kafka.stop();
  });

  it('serves a first version at once, as there is none to compare it with', async () => {
    await approve(1);
    const completed = await next('millrace.deployment.rollout.completed.v1', ({ modelVersion }) => modelVersion === 1);
    expect(completed).toMatchObject({ correlationId: 'cascade-of-1', data: { previous: null } });
    expect(await shares()).toEqual({ '1 champion': 1 });
  });

  it('lets a second version answer nothing in shadow, then its share, then everything, and then alone', async () => {
    await approve(2);
    const shadow = await next('millrace.deployment.rollout.stepped.v1', ({ phase, modelVersion }) => phase === 'shadow' && modelVersion === 2);
    expect(shadow.data).toMatchObject({ step: 1, trafficRatio: 0, needs: { predictions: 100, margin: 0.01 } });
    expect(await shares()).toEqual({ '1 champion': 1, '2 shadow': 0 });
    await judge(shadow.data, 'pass');
    const canary = await next('millrace.deployment.rollout.stepped.v1', ({ phase, modelVersion }) => phase === 'canary' && modelVersion === 2);
    expect(await shares()).toEqual({ '1 champion': 0.8, '2 challenger': 0.2 });
    await judge(canary.data, 'pass');
    const bake = await next('millrace.deployment.rollout.stepped.v1', ({ phase, modelVersion }) => phase === 'bake' && modelVersion === 2);
    expect(bake.data.needs).toEqual({ predictions: 200, margin: 0.01, durationMs: 86_400_000 });
    expect(await shares()).toEqual({ '2 champion': 1, '1 predecessor': 0 });
    await judge(bake.data, 'pass');
    const completed = await next('millrace.deployment.rollout.completed.v1', ({ modelVersion }) => modelVersion === 2);
    expect(completed).toMatchObject({ correlationId: 'cascade-of-2', data: { previous: { modelVersion: 1 } } });
    expect(await shares()).toEqual({ '2 champion': 1 });
  });

  it('stays where it is without evidence, and puts the version before back when a step fails', async () => {
    await approve(3);
    const shadow = await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 3);
    await judge(shadow.data, 'inconclusive');
    await handled('millrace.monitoring.analysis');
    expect(await shares()).toEqual({ '2 champion': 1, '3 shadow': 0 });
    await judge(shadow.data, 'fail');
    const back = await next('millrace.deployment.rollout.rolled-back.v1', ({ modelVersion }) => modelVersion === 3);
    expect(back.data).toMatchObject({ restored: { modelVersion: 2 }, because: [{ check: 'judged', passed: false }] });
    expect(await shares()).toEqual({ '2 champion': 1 });
  });

  it('lets only the newest approved version follow a rollout that is open', async () => {
    await approve(4);
    const shadow = await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 4);
    await approve(5);
    await approve(6);
    await handled('millrace.registry.model-version');
    await judge(shadow.data, 'fail');
    await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 6);
    const superseded = await next('millrace.deployment.rollout.superseded.v1', ({ modelVersion }) => modelVersion === 5);
    expect(superseded).toMatchObject({ correlationId: 'cascade-of-5', data: { because: [{ check: 'newest-approved-version', measured: 6 }] } });
    const { body } = await service.call('listRollouts', { pipeline: pipeline.id, limit: 10 });
    expect(Object.fromEntries(body.rollouts.map(({ modelVersion, state }) => [modelVersion, state]))).toMatchObject({ 4: 'rolled-back', 5: 'superseded', 6: 'shadow' });
  });

  it('holds a rollout while the data are broken, and judges its step afresh when they are mended', async () => {
    const incident = 'default/inc-1';
    const shadow = await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 6);
    const window = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    const drift = { pipeline: pipeline.id, modelVersion: 2, incident, diagnosis: 'data-incident' as const, changePoint: window.from, window, columns: [], because: [] };
    await kafka.sendEvents({ type: 'millrace.monitoring.drift.detected.v1', data: drift });
    await handled('millrace.monitoring.drift');
    await judge(shadow.data, 'pass');
    await handled('millrace.monitoring.analysis');
    expect((await service.call('listRollouts', { pipeline: pipeline.id, limit: 1 })).body.rollouts[0]).toMatchObject({ modelVersion: 6, state: 'shadow', paused: true });
    await kafka.sendEvents({ type: 'millrace.monitoring.alert.resolved.v1', data: { pipeline: pipeline.id, alert: 'default/al-1', incident, kind: 'data-incident', resolvedAt: window.to, because: [] } });
    await eventually(() => expect(events().filter(({ type, data }) => type.endsWith('stepped.v1') && (data as { modelVersion?: number }).modelVersion === 6)).toHaveLength(2));
  });

  it('takes a rollout back when the measured loss of its version got worse', async () => {
    const window = { from: '2026-01-03T00:00:00Z', to: '2026-01-04T00:00:00Z' };
    const data = { pipeline: pipeline.id, modelVersion: 6, incident: 'default/inc-2', changePoint: window.from, window, metric: 'log-loss', measured: 0.9, bound: 0.5, because: [] };
    await kafka.sendEvents({ type: 'millrace.monitoring.performance.degraded.v1', data });
    await next('millrace.deployment.rollout.rolled-back.v1', ({ modelVersion }) => modelVersion === 6);
    expect(await shares()).toEqual({ '2 champion': 1 });
  });

  it('puts the version before back when an operator asks for it, and has then nothing more to go back to', async () => {
    const { status, body } = await service.call('rollBackRoute', { ...name, note: 'complaints' }, { roles: ['operator'], subject: 'user:olga' });
    expect({ status, targets: body.targets.map(({ modelVersion, role }) => `${modelVersion} ${role}`) }).toEqual({ status: 201, targets: ['1 champion'] });
    const back = await next('millrace.deployment.rollout.rolled-back.v1', ({ modelVersion }) => modelVersion === 2);
    expect(back).toMatchObject({ actor: 'user:olga', data: { restored: { modelVersion: 1 } } });
    expect(await service.call('rollBackRoute', { ...name, note: 'again' })).toMatchObject({ status: 409, body: { code: 'no-rollout-in-progress' } });
  });

  it('ends a rollout whose step nobody judged in time, and none before', async () => {
    const work = service.app.get(UnitOfWork);
    await approve(7);
    await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 7);
    await endOverdueRollouts(work, 600_000);
    expect((await service.call('listRollouts', { pipeline: pipeline.id, limit: 1 })).body.rollouts[0]).toMatchObject({ modelVersion: 7, state: 'shadow' });
    await endOverdueRollouts(work, 0);
    const back = await next('millrace.deployment.rollout.rolled-back.v1', ({ modelVersion }) => modelVersion === 7);
    expect(back.data).toMatchObject({ restored: { modelVersion: 1 }, because: [{ check: 'evidence-in-time' }] });
  });

  it('pauses a rollout that begins while the data are broken, and one that asks after its shadow, until a person lets it go on', async () => {
    const window = { from: '2026-01-02T00:00:00Z', to: '2026-01-03T00:00:00Z' };
    await kafka.sendEvents({ type: 'millrace.monitoring.drift.detected.v1', data: { pipeline: pipeline.id, modelVersion: 2, incident: 'default/inc-3', diagnosis: 'data-incident', changePoint: window.from, window, columns: [], because: [] } });
    await handled('millrace.monitoring.drift');
    await kafka.sendEvents({ type: 'millrace.registry.model-version.approved.v1', data: { ...approvalOf(8), asksAfterShadow: true } });
    const held = await next('millrace.deployment.rollout.paused.v1', ({ modelVersion }) => modelVersion === 8);
    expect(held.data).toMatchObject({ phase: 'shadow', incident: 'default/inc-3', because: [{ check: 'data-are-sound', passed: false }] });
    await kafka.sendEvents({ type: 'millrace.monitoring.alert.resolved.v1', data: { pipeline: pipeline.id, alert: 'default/al-3', incident: 'default/inc-3', kind: 'data-incident', resolvedAt: window.to, because: [] } });
    await eventually(() => expect(events().filter(({ type, data }) => type.endsWith('stepped.v1') && (data as { modelVersion?: number }).modelVersion === 8)).toHaveLength(2));
    const shadow = await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 8);
    await judge(shadow.data, 'pass');
    await eventually(() => expect(events().filter(({ type }) => type === 'millrace.deployment.rollout.paused.v1').map(({ data }) => (data as { incident: string | null }).incident)).toContain(null));
    const rollout = shadow.data.rollout.slice(shadow.data.rollout.indexOf('/') + 1);
    const { body } = await service.call('continueRollout', { project: 'default', rollout, note: 'looks well' }, { roles: ['operator'], subject: 'user:olga' });
    expect(body).toMatchObject({ state: 'canary', paused: false });
    expect(await service.call('continueRollout', { project: 'default', rollout, note: 'again' })).toMatchObject({ status: 409, body: { code: 'rollout-not-paused' } });
    await service.call('rollBackRoute', { ...name, note: 'enough' }, { roles: ['operator'] });
  });

  it('answers as the pipeline wants: back into shadow, room for a version that knows the change, the version before', async () => {
    const usual = { drift: 'alert', performance: 'roll-back', data: 'pause' } as const;
    const during = { shadow: usual, canary: { ...usual, drift: 'shadow' as const }, bake: usual };
    const { evaluation, reactions } = pipeline;
    const gates = { ...evaluation.gates, gain: { ...evaluation.gates.gain, shownIn: 'shadow' as const } };
    const definition = { ...pipeline, evaluation: { ...evaluation, gates }, reactions: { ...reactions, performance: 'roll-back' as const, during } };
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: pipeline.id, version: 2, definition } });
    await handled('millrace.registry.pipeline');
    const found = (day: string, modelVersion: number) => ({ pipeline: pipeline.id, modelVersion, incident: `default/inc-of-${day}`, changePoint: `${day}T00:00:00Z`, window: { from: `${day}T00:00:00Z`, to: `${day}T12:00:00Z` }, because: [] });
    const moved = (day: string) => kafka.sendEvents({ type: 'millrace.monitoring.drift.detected.v1', data: { ...found(day, 1), diagnosis: 'covariate', columns: [] } });
    const steps = (phase: string) => events().flatMap(({ type, data }) => (type === 'millrace.deployment.rollout.stepped.v1' && (data as Stepped).modelVersion === 10 && (data as Stepped).phase === phase ? [data as Stepped] : []));
    const pass = async (phase: string, time: number) => judge(await eventually(() => steps(phase)[time] ?? Promise.reject(new Error('not yet'))), 'pass');

    await kafka.sendEvents({ type: 'millrace.registry.model-version.approved.v1', data: { ...approvalOf(9), learnedTo: '2026-01-06T00:00:00Z' } });
    await next('millrace.deployment.rollout.stepped.v1', ({ modelVersion }) => modelVersion === 9);
    await moved('2026-01-07');
    const back = await next('millrace.deployment.rollout.rolled-back.v1', ({ modelVersion }) => modelVersion === 9);
    expect(back.data.because).toContainEqual(expect.objectContaining({ check: 'learned-the-change', measured: '2026-01-06T00:00:00Z', bound: '2026-01-07T00:00:00Z' }));

    await approve(10);
    await pass('shadow', 0);
    await eventually(() => expect(steps('canary')).toHaveLength(1));
    await moved('2026-01-08');
    await eventually(async () => expect(await shares()).toEqual({ '1 champion': 1, '10 shadow': 0 }));
    await kafka.sendEvents({ type: 'millrace.monitoring.alert.resolved.v1', data: { pipeline: pipeline.id, alert: 'default/al-8', incident: 'default/inc-of-2026-01-08', kind: 'drift', resolvedAt: '2026-01-09T00:00:00Z', because: [] } });
    await pass('shadow', 1);
    await pass('canary', 1);
    await pass('bake', 0);
    await next('millrace.deployment.rollout.completed.v1', ({ modelVersion }) => modelVersion === 10);
    await kafka.sendEvents({ type: 'millrace.monitoring.performance.degraded.v1', data: { ...found('2026-01-09', 10), metric: 'log-loss', measured: 0.9, bound: 0.5 } });
    const restored = await next('millrace.deployment.rollout.rolled-back.v1', ({ modelVersion }) => modelVersion === 10);
    expect(restored.data).toMatchObject({ restored: { modelVersion: 1 } });
    expect(await shares()).toEqual({ '1 champion': 1 });
  });

  it('counts the revisions of a route without a gap', () => {
    const revisions = events().flatMap(({ type, data }) => (type === 'millrace.deployment.route.changed.v1' ? [(data as { revision: number }).revision] : []));
    expect(revisions).toEqual(revisions.map((_, index) => index + 1));
  });

  async function approve(modelVersion: number): Promise<void> {
    await kafka.sendEvents({ type: 'millrace.registry.model-version.approved.v1', data: approvalOf(modelVersion), correlationId: `cascade-of-${modelVersion}` });
  }

  async function judge({ rollout, modelVersion, phase, step }: EventData['millrace.deployment.rollout.stepped.v1'], verdict: Verdict): Promise<void> {
    const because = [{ check: 'judged', passed: verdict === 'pass' }];
    const data = { pipeline: pipeline.id, rollout, modelVersion, phase, step, verdict, because, predictions: 100, blocks: 5 };
    await kafka.sendEvents({ type: 'millrace.monitoring.analysis.completed.v1', data });
  }

  async function handled(topic: string): Promise<void> {
    await kafka.caughtUp('millrace.deployment', topic);
  }

  async function shares(): Promise<Record<string, number>> {
    const { body } = await service.call('getRoute', name);
    return Object.fromEntries(body.targets.map(({ modelVersion, role, trafficRatio }) => [`${modelVersion} ${role}`, trafficRatio]));
  }

  /** The first event of a type that is meant, once it has come. */
  function next<T extends EventType>(type: T, isMeant: (data: EventData[T]) => boolean): Promise<AnyEvent & { type: T; data: EventData[T] }> {
    return eventually(() => {
      const found = events().find((event) => event.type === type && isMeant(event.data as EventData[T]));
      expect(found).toBeDefined();
      return found as AnyEvent & { type: T; data: EventData[T] };
    });
  }
});
