import type { Event, HoldPlaced } from '@millrace/contracts';
import { Controller, Module } from '@nestjs/common';
import { On } from '../../events/on.js';
import { RuntimeModule } from '../../runtime.module.js';
import type { Tx } from '../../work/tx.js';
import { UnitOfWork } from '../../work/unit-of-work.js';
import { Effects0001 } from '../effects-0001.js';
import { EffectNextRow } from './effect-next.row.js';
import { AddSeverity0002, RequireSeverity0003 } from './severity-migrations.js';

/** What the next contracts add; this file is compiled against the present ones. */
type HoldPlacedNext = HoldPlaced & { severity?: string };
const holdExtended = 'millrace.training.hold.extended.v1' as 'millrace.training.hold.placed.v1';

@Controller()
class FixtureNextEvents {
  constructor(private readonly work: UnitOfWork) {}

  @On('millrace.training.hold.placed.v1')
  holdPlaced(event: Event<'millrace.training.hold.placed.v1'>): Promise<void> {
    return this.work.run(event, (tx) => noteHold(tx, event.data));
  }

  /** Only the next contracts have it. */
  @On(holdExtended)
  holdExtended(event: Event<'millrace.training.hold.placed.v1'>): Promise<void> {
    return this.work.run(event, (tx) => noteHold(tx, event.data));
  }
}

async function noteHold(tx: Tx, { pipeline, hold, severity = 'none' }: HoldPlacedNext): Promise<void> {
  const earlier = await tx.find(EffectNextRow, { hold });
  const place = earlier?.place ?? (await tx.count(EffectNextRow, { pipeline })) + 1;
  await tx.save(EffectNextRow, { hold, pipeline, place, times: (earlier?.times ?? 0) + 1, severity });
  tx.emit('millrace.deployment.pipeline-part.ready.v1', { pipeline, version: place, because: [], severity } as never);
}

/** The next release of the fixture service: one more event, one more field in and out, one more column. */
@Module({
  imports: [RuntimeModule.forService({ name: 'deployment', rows: [EffectNextRow], migrations: [Effects0001, AddSeverity0002] })],
  controllers: [FixtureNextEvents],
})
export class FixtureNextModule {}

/** The one after it, which takes back what only the first release needed. */
@Module({
  imports: [RuntimeModule.forService({ name: 'deployment', rows: [EffectNextRow], migrations: [Effects0001, AddSeverity0002, RequireSeverity0003] })],
  controllers: [FixtureNextEvents],
})
export class FixtureNewestModule {}
