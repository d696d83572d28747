import { eventually, TestKafka, testService } from '@millrace/testing';
import type { TestService } from '@millrace/testing';
import { InboxMarks } from './events/inbox-marks.js';
import { FixtureModule } from './testing/fixture.module.js';
import { hold } from './testing/holds.js';

const hourMs = 3_600_000;

describe('the inbox', () => {
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

  const agoIso = (hours: number): string => new Date(Date.now() - hours * hourMs).toISOString();
  const ids = async (): Promise<string[]> => (await service.environment.query<{ id: string }>('select event_id as id from deployment.inbox_ids order by handled_at')).map(({ id }) => id);
  const send = async (name: string, hoursAgo: number, id?: string): Promise<string> => {
    const [event] = await kafka.sendEvents({ ...hold('default/pruned', name), time: agoIso(hoursAgo), ...(id === undefined ? {} : { id }) });
    await kafka.caughtUp('millrace.deployment', 'millrace.training.hold');
    return event?.id ?? '';
  };
  const age = (id: string, hours: number): Promise<unknown> => service.environment.query(`update deployment.inbox_ids set handled_at = now() - $2 * interval '1 hour' where event_id = $1`, [id, hours]);
  const prune = async (): Promise<void> => {
    const marks = service.app.get(InboxMarks);
    await marks.write();
    await marks.prune();
  };

  it('forgets an event that came days ago only when one that was made later has come, so that a relay that was down for days cannot have it done twice', async () => {
    const old = await send('1', 101);
    await age(old, 100);
    await prune();
    expect(await ids()).toEqual([old]);

    await send('1', 101, old);
    await eventually(async () => expect(await service.environment.query(`select 1 from deployment.inbox_ids where handled_at > now() - interval '1 hour'`)).toHaveLength(1));
    expect(await service.environment.query('select times from deployment.effects')).toEqual([{ times: 1 }]);

    await age(old, 100);
    const later = await send('2', 0);
    await prune();
    expect(await ids()).toEqual([later]);
  }, 60_000);
});
