import { DeploymentModule } from '@millrace/deployment';
import { eventually, testEnvironment, TestKafka, testService } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { copyRollouts, fillTopic, openRollout, passOf, rolloutPlan, stepsPerRollout } from './rollouts.js';

describe('the load of the benches of decisions', () => {
  let environment: TestEnvironment;
  let service: TestService;
  let kafka: TestKafka;

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    service = await testService(DeploymentModule, { name: 'deployment', environment });
  }, 120_000);

  afterAll(async () => {
    await service.stop();
    await kafka.stop();
  });

  it('takes each copied rollout by its verdicts to its end', async () => {
    const rollouts = 3;
    await openRollout(environment, kafka);
    await copyRollouts(environment, 1, rollouts);
    const plan = await rolloutPlan(environment);
    await fillTopic(kafka, 'millrace.monitoring.analysis.completed.v1', rollouts * stepsPerRollout, (index) => passOf(plan, 1 + (index % rollouts), Math.floor(index / rollouts)));
    await eventually(async () => {
      const done = await environment.query(`select rollout from deployment.rollouts where state = 'completed' and model_version = 2 order by rollout`);
      expect(done).toEqual([1, 2, 3].map((number) => ({ rollout: `default/ro-${number}` })));
    });
  }, 120_000);
});
