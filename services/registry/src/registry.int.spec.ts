import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AnyEvent, EventData, EventType } from '@millrace/contracts';
import { canonicalJson } from '@millrace/merkle';
import { eventually, testEnvironment, TestKafka, testService } from '@millrace/testing';
import type { GivenEvent, TestEnvironment, TestService } from '@millrace/testing';
import { partOwners } from './adapters/part-checks.js';
import { evaluationOf, fileOf, otherServices } from './registry.fixture.js';
import { RegistryModule } from './registry.module.js';

describe('the registry', () => {
  let environment: TestEnvironment;
  let service: TestService;
  let kafka: TestKafka;
  let others: { urls: string; stop(): void };
  let events: () => AnyEvent[];

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    others = await otherServices({ accepted: true, because: [] });
    service = await testService(RegistryModule, { name: 'registry', environment, env: { MILLRACE_REGISTRY_SERVICE_URLS: others.urls } });
    events = await kafka.collectEvents(
      'millrace.registry.pipeline.applied.v1',
      'millrace.registry.pipeline.activated.v1',
      'millrace.registry.pipeline.refused.v1',
      'millrace.registry.model-version.approved.v1',
      'millrace.registry.model-version.approval-requested.v1',
      'millrace.registry.model-version.rejected.v1',
      'millrace.registry.model-version.retired.v1',
      'millrace.registry.model-version.withdrawn.v1',
    );
  }, 120_000);

  afterAll(async () => {
    await service.stop();
    await kafka.stop();
    others.stop();
  });

  it('names every mistake of a pipeline file at once, with its line', async () => {
    const { status, body } = await service.call('applyPipeline', { source: fileOf('rolout: {}\nserving: { loging: durable }\n'), project: 'default', dryRun: false });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'invalid-pipeline', errors: [{ line: 15, path: 'rolout' }, { line: 16, path: 'serving.loging' }] } });
  });

  it('refuses a pipeline from someone who may not run code', async () => {
    const { status, body } = await service.call('applyPipeline', { source: fileOf(), project: 'default', dryRun: false }, { roles: ['scientist'] });
    expect({ status, body }).toMatchObject({ status: 403, body: { code: 'run-code-required' } });
  });

  it('files nothing in a dry run', async () => {
    const { body } = await service.call('applyPipeline', { source: fileOf(), project: 'default', dryRun: true });
    expect(body).toMatchObject({ state: 'checked', version: null, refusals: [] });
    expect((await service.call('getPipeline', { project: 'default', name: 'churn' })).status).toBe(404);
  });

  it('makes a pipeline version active when every service is ready, and answers the request that filed it the same ever after', async () => {
    const apply = () => service.call('applyPipeline', { source: fileOf(), project: 'default', dryRun: false }, { idempotencyKey: 'apply-1' });
    const { body } = await apply();
    expect(body).toMatchObject({ pipeline: 'default/churn', state: 'pending', version: 1 });
    await kafka.sendEvents(...answersOf('default/churn', 1));
    const activated = await next('millrace.registry.pipeline.activated.v1');
    expect(activated).toMatchObject({ pipelineVersion: 1, data: { version: 1, definition: { id: 'default/churn' } } });
    expect((await service.call('applyPipeline', { source: fileOf(), project: 'default', dryRun: false })).body).toMatchObject({ state: 'unchanged', version: 1 });
    expect((await apply()).body).toEqual(body);
  });

  it('keeps the old version active when a service refuses the new one', async () => {
    const { body } = await service.call('applyPipeline', { source: fileOf('description: changed\n'), project: 'default', dryRun: false });
    expect(body).toMatchObject({ version: 2, changes: [{ path: 'description', after: 'changed' }] });
    const because = [{ check: 'command', passed: false, detail: 'There is no such program' }];
    await kafka.sendEvents({ type: 'millrace.training.pipeline-part.refused.v1', data: { pipeline: 'default/churn', version: 2, because } });
    expect((await next('millrace.registry.pipeline.refused.v1')).data).toMatchObject({ refusals: [{ service: 'training', because }] });
    expect((await service.call('getPipeline', { project: 'default', name: 'churn' })).body).toMatchObject({ activeVersion: 1, latestVersion: 2 });
  });

  it('approves and signs a first version that keeps its gates', async () => {
    await kafka.sendEvents(evaluated('default/run-1', { champion: null, gain: 0 }));
    const { data, correlationId } = await next('millrace.registry.model-version.approved.v1');
    expect(data).toMatchObject({ modelVersion: 1, run: 'default/run-1', approvedBy: 'service:registry', learnedTo: '2026-01-11T00:00:00Z', serving: { keyColumn: 'customer_id' } });
    expect(correlationId).toBe('cascade-of-default/run-1');
    const { sha256, sizeBytes } = data.model;
    const statement = canonicalJson({ pipeline: 'default/churn', modelVersion: 1, sha256, sizeBytes });
    const key = createPublicKey(readFileSync(environment.secrets.modelPublicKeyFile));
    expect(verify(null, Buffer.from(statement), key, Buffer.from(data.signed.signature, 'base64'))).toBe(true);
  });

  it('makes a version that was rolled out the champion', async () => {
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.completed.v1', data: { pipeline: 'default/churn', rollout: 'default/ro-1', modelVersion: 1, run: 'default/run-1', previous: null } });
    await eventually(async () => {
      const { body } = await service.call('getModelVersion', { project: 'default', name: 'churn', version: 1 });
      expect(body.summary).toMatchObject({ stage: 'approved', aliases: ['champion'] });
    });
  });

  it('rejects a version that is not better, with its numbers', async () => {
    await kafka.sendEvents(evaluated('default/run-2', { champion: 1, gain: 0 }));
    const { data } = await next('millrace.registry.model-version.rejected.v1');
    expect(data).toMatchObject({ modelVersion: 2, verdict: 'not-better' });
    expect(data.because.find(({ check }) => check === 'gain-on-recent-hold-out')).toMatchObject({ passed: false, blocks: 10, rows: 1000 });
  });

  it('rejects a constant model whatever its training code logged', async () => {
    await kafka.sendEvents(evaluated('default/run-3', { champion: 1, gain: 0.2, loss: 0.61 }));
    expect((await next('millrace.registry.model-version.rejected.v1', 'default/run-3')).data).toMatchObject({ verdict: 'gate-failed' });
  });

  it('approves a version once however often its evaluation arrives', async () => {
    const event = { ...evaluated('default/run-4', { champion: 1, gain: 0.1 }), id: 'evaluation-of-run-4' };
    await kafka.sendEvents(event, event);
    await kafka.caughtUp('millrace.registry', 'millrace.training.evaluation');
    await next('millrace.registry.model-version.approved.v1', 'default/run-4');
    expect((await service.call('listModelVersions', { pipeline: 'default/churn', limit: 10 })).body.modelVersions.filter(({ run }) => run === 'default/run-4')).toHaveLength(1);
  });

  it('withdraws a version that was rolled back', async () => {
    const because = [{ check: 'not-worse-than-the-other-version', passed: false }];
    await kafka.sendEvents({ type: 'millrace.deployment.rollout.rolled-back.v1', data: { pipeline: 'default/churn', rollout: 'default/ro-2', modelVersion: 4, restored: { modelVersion: 1, run: 'default/run-1' }, because } });
    expect((await next('millrace.registry.model-version.withdrawn.v1')).data).toMatchObject({ modelVersion: 4, because });
  });

  it('lets a second person approve where the pipeline says so, and nobody who applied it', async () => {
    const { body } = await service.call('applyPipeline', { source: fileOf('approval: { next: person, secondPerson: true }\n'), project: 'default', dryRun: false }, { subject: 'user:ann' });
    await kafka.sendEvents(...answersOf('default/churn', body.version ?? 0));
    await eventually(async () => expect((await service.call('getPipeline', { project: 'default', name: 'churn' })).body).toMatchObject({ activeVersion: 3 }));
    await kafka.sendEvents({ ...evaluated('default/run-5', { champion: 1, gain: 0.1 }), pipelineVersion: 3 });
    await next('millrace.registry.model-version.approval-requested.v1');
    const version = { project: 'default', name: 'churn', version: 5 };
    expect(await service.call('approveModelVersion', version, { roles: ['approver'], subject: 'user:ann' })).toMatchObject({ status: 403, body: { code: 'second-person-required' } });
    expect(await service.call('approveModelVersion', version, { roles: ['approver'], subject: 'user:bob' })).toMatchObject({ status: 201, body: { summary: { stage: 'approved', decidedBy: 'user:bob' } } });
    expect((await next('millrace.registry.model-version.approved.v1', 'default/run-5')).actor).toBe('user:bob');
  });

  it('takes back what a cancelled run brought: approved before the word of it came, or evaluated after', async () => {
    const because = [{ check: 'data-are-sound', passed: false }];
    const cancelled = (run: string): GivenEvent => ({ type: 'millrace.training.run.cancelled.v1', data: { pipeline: 'default/churn', run, trigger: 'default/tr-1', incident: 'default/inc-1', because } });
    await kafka.sendEvents(evaluated('default/run-early', { champion: 1, gain: 0.2 }));
    const approved = await eventually(() => events().find(({ type, data }) => type === 'millrace.registry.model-version.approved.v1' && (data as { run: string }).run === 'default/run-early') ?? Promise.reject(new Error('not yet')));
    await kafka.sendEvents(cancelled('default/run-early'), cancelled('default/run-late'));
    const modelVersion = (approved.data as { modelVersion: number }).modelVersion;
    await eventually(() => expect(events().some(({ type, data }) => type === 'millrace.registry.model-version.withdrawn.v1' && (data as { modelVersion: number }).modelVersion === modelVersion)).toBe(true));
    await kafka.caughtUp('millrace.registry', 'millrace.training.run');
    await kafka.sendEvents(evaluated('default/run-late', { champion: 1, gain: 0.2 }));
    const rejected = await eventually(() => events().find(({ type, data }) => type === 'millrace.registry.model-version.rejected.v1' && (data as { run: string }).run === 'default/run-late') ?? Promise.reject(new Error('not yet')));
    expect(rejected.data).toMatchObject({ verdict: 'cancelled', because });
  });

  function evaluated(run: string, measured: Parameters<typeof evaluationOf>[1]): GivenEvent {
    return { type: 'millrace.training.evaluation.completed.v1', data: evaluationOf(run, measured), pipelineVersion: 1, correlationId: `cascade-of-${run}` };
  }

  /** The event of a type (about a run), once it has come. */
  function next<T extends EventType>(type: T, run?: string): Promise<AnyEvent & { type: T; data: EventData[T] }> {
    return eventually(() => {
      const found = events().find((event) => event.type === type && (run === undefined || (event.data as { run?: string }).run === run));
      expect(found).toBeDefined();
      return found as AnyEvent & { type: T; data: EventData[T] };
    });
  }
});

/** The answer of every service to a pipeline version. */
function answersOf(pipeline: string, version: number): GivenEvent[] {
  return partOwners.map((service) => ({ type: `millrace.${service}.pipeline-part.ready.v1` as GivenEvent['type'], data: { pipeline, version, because: [] } }));
}
