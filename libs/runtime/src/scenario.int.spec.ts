import { scenario } from '@millrace/testing';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';

const options = { name: 'deployment', env: { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } } as const;
const ready = 'millrace.deployment.pipeline-part.ready.v1';

describe('a scenario', () => {
  it('tells what a service emits for an event, after what happened before', async () => {
    await scenario(FixtureModule, options)
      .given(hold('default/a', '1'))
      .when(hold('default/a', '2'))
      .thenEmits({ type: ready, data: { pipeline: 'default/a', version: 2 } });
  }, 60_000);

  it('tells what a service emits for a request', async () => {
    await scenario(FixtureModule, options)
      .when({ operation: 'rollBackRoute', input: { project: 'default', name: 'b', note: 'why' } })
      .thenEmits({ type: ready, data: { pipeline: 'default/b', version: 1 } });
  }, 60_000);

  it('tells that nothing is emitted', async () => {
    await scenario(FixtureModule, options).when(hold('default/c', '1', 'unknown-1')).thenEmitsNothing();
  }, 60_000);

  it('tells how a request is answered', async () => {
    await scenario(FixtureModule, options)
      .when({ operation: 'getRoute', input: { project: 'default', name: 'missing' }, as: { roles: ['viewer'] } })
      .thenAnswers(404, { code: 'pipeline-not-found' });
  }, 60_000);
});
