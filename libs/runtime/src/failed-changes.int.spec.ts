import { testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { EffectRow } from './testing/effect.row.js';
import { FixtureModule } from './testing/fixture.module.js';
import { timerCause } from './work/cause.js';
import type { Tx } from './work/tx.js';
import { UnitOfWork } from './work/unit-of-work.js';

const pipeline = 'default/changes';

describe('a change that fails', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' } });
  }, 60_000);

  afterAll(() => service.stop(), 30_000);

  const run = <R>(useCase: (tx: Tx) => Promise<R>): Promise<R> => service.app.get(UnitOfWork).run(timerCause({ name: 'deployment', project: 'default' }), useCase);
  const effect = (hold: string): EffectRow => ({ hold, pipeline, place: 1, times: 1 });
  const kept = (): Promise<unknown[]> => service.environment.query('select hold from deployment.effects where pipeline = $1', [pipeline]);

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['nothing', () => Promise.resolve()],
    ['a row read by its key', (tx) => tx.find(EffectRow, { hold: 'other' })],
    ['rows counted', (tx) => tx.count(EffectRow, { pipeline })],
    ['SQL', (tx) => tx.query('select 1')],
    ['another change', (tx) => tx.save(EffectRow, effect('later'))],
  ])('undoes the transaction and tells its own error when %s comes after it', async (_, after) => {
    const both = run(async (tx) => {
      await tx.insert(EffectRow, effect('twice'));
      await tx.insert(EffectRow, effect('twice'));
      tx.emit('millrace.deployment.pipeline-part.ready.v1', { pipeline, version: 1, because: [] });
      await after(tx);
    });
    await expect(both).rejects.toMatchObject({ code: 'stale-version' });
    expect(await kept()).toEqual([]);
  });

  it('is not committed by who looks away from it', async () => {
    const half = run(async (tx) => {
      await tx.insert(EffectRow, effect('half'));
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(half).rejects.toThrow('division by zero');
    expect(await kept()).toEqual([]);
  });

  it('does not trouble the transaction after it on the same connection', async () => {
    for (let index = 0; index < 8; index += 1) await run((tx) => tx.save(EffectRow, effect(`fine-${index}`)));
    expect(await kept()).toHaveLength(8);
  });
});
