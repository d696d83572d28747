import { testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { FixtureModule } from './testing/fixture.module.js';
import { timerCause } from './work/cause.js';
import { UnitOfWork } from './work/unit-of-work.js';

describe('the outbox', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await testService(FixtureModule, { name: 'deployment', env: { MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent', MILLRACE_DEPLOYMENT_DATABASE_CONNECTIONS: '12' } });
  }, 60_000);

  afterAll(() => service.stop(), 30_000);

  it('has its positions in the order of the commits per key: a reader never sees a lower one later', async () => {
    const work = service.app.get(UnitOfWork);
    const pipelines = ['default/a', 'default/b'];
    const emit = (pipeline: string): Promise<string> =>
      work.run(timerCause({ name: 'deployment', project: 'default' }), (tx) =>
        Promise.resolve(tx.emit('millrace.deployment.pipeline-part.ready.v1', { pipeline, version: 1, because: [] })),
      );
    let isWriting = true;
    const highest = new Map<string, number>();
    const read = async (): Promise<void> => {
      const seen = new Set<number>();
      while (isWriting) {
        const rows = await work.read((tx) => tx.query<{ position: number; key: string }>('select position, aggregateid as key from outbox order by position'));
        for (const { position, key } of rows.filter((row) => !seen.has(row.position))) {
          expect(position).toBeGreaterThan(highest.get(key) ?? 0);
          highest.set(key, position);
          seen.add(position);
        }
      }
    };
    const reading = read();
    await Promise.all(Array.from({ length: 400 }, (_, index) => emit(pipelines[index % 2] ?? '')));
    isWriting = false;
    await reading;
  }, 60_000);
});
