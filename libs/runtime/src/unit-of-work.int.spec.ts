import { eventually, TestKafka, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';

describe('a service on the runtime', () => {
  let service: TestService;
  let kafka: TestKafka;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment' });
    kafka = new TestKafka(service.environment);
  }, 60_000);

  afterAll(async () => {
    await kafka.stop();
    await service.stop();
  }, 30_000);

  it('handles an event, emits another and commits its offset', async () => {
    const emitted = await kafka.collectEvents('millrace.deployment.pipeline-part.ready.v1');
    const [sent] = await kafka.sendEvents({ ...hold('default/first', '1'), pipelineVersion: 7 });
    await kafka.caughtUp('millrace.deployment', 'millrace.training.hold');
    await eventually(() => expect(emitted()).toHaveLength(1));
    expect(emitted()[0]).toMatchObject({
      subject: 'default/first',
      project: 'default',
      actor: 'service:training',
      correlationId: sent?.correlationId,
      causationId: sent?.id,
      pipelineVersion: 7,
      data: { pipeline: 'default/first', version: 1 },
    });
  }, 30_000);
});
