import type { Pipeline } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { GovernanceModule } from './governance.module.js';

jest.setTimeout(60_000);

let service: TestService;
let kafka: TestKafka;
const source = readFileSync(new URL('../../../examples/machine-wear/pipeline.yaml', import.meta.url), 'utf8');

beforeAll(async () => {
  service = await testService(GovernanceModule, { name: 'governance', env: { MILLRACE_GOVERNANCE_STEP_TIME_MS: '1000' } });
  kafka = new TestKafka(service.environment);
}, 60_000);

afterAll(async () => {
  await kafka.stop();
  await service.stop();
});

function definition(): Pipeline {
  const { pipeline } = parsePipeline(source, { project: 'default' });
  if (!pipeline) throw new Error('the example does not parse');
  return pipeline;
}

describe('a pipeline', () => {
  it('is taken by governance, with who is told what', async () => {
    const { status, body } = await service.call('checkGovernancePart', { definition: definition() }, { roles: ['service'], subject: 'service:registry' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: true, because: [{ check: 'data-owner', passed: true }, { check: 'model-owner', passed: true }] });
  });

  it('is answered as ready when it is applied', async () => {
    const ready = await kafka.collectEvents('millrace.governance.pipeline-part.ready.v1');
    const pipeline = definition();
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: pipeline.id, version: 3, definition: pipeline, source, sha256: '0'.repeat(64), changes: [], previousVersion: null } });
    const [event] = await eventually(() => {
      expect(ready()).toHaveLength(1);
      return ready();
    }, 20_000);
    expect(event).toMatchObject({ subject: pipeline.id, pipelineVersion: 3, data: { pipeline: pipeline.id, version: 3 } });
  });

  it('gives the steps of its data sets its name and its training command its own time, once it is active', async () => {
    const stalled = await kafka.collectEvents('millrace.governance.cascade.stalled.v1');
    const pipeline = definition();
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: pipeline.id, version: 3, definition: pipeline } });
    await eventually(async () => expect(await service.environment.query('select * from governance.pipelines')).toHaveLength(1), 20_000);
    const command = { attempt: 1, command: ['python'], codeSha256: '0'.repeat(64), parameters: {}, seed: 1, environmentSha256: '0'.repeat(64), trainingSet: 'default/ts-1' };
    await kafka.sendEvents({ type: 'millrace.training.run.started.v1', data: { pipeline: pipeline.id, run: 'default/run-1', ...command } });
    const dataSet = pipeline.dataSets[0]?.id as string;
    const segment = { dataSet, segment: 'default/seg-1', partition: 0, fromOffset: 0, toOffset: 0, rows: 1, quarantined: 0, file: null, pipelineVersion: 3, minEventTime: null, maxEventTime: null, maxKnownAt: null };
    const [staged] = await kafka.sendEvents({ type: 'millrace.ingestion.segment.staged.v1', data: segment });
    await eventually(() => expect(stalled().map(({ causationId }) => causationId)).toEqual([staged?.id]), 20_000);
    expect(stalled()[0]?.subject).toBe(pipeline.id);
  });
});
