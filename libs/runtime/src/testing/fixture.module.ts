import { MillraceError } from '@millrace/contracts';
import type { Event, OperationInput, Route } from '@millrace/contracts';
import { Controller, Module } from '@nestjs/common';
import { On } from '../events/on.js';
import { Answers } from '../http/answers.js';
import { reply } from '../http/http-reply.js';
import type { HttpReply } from '../http/http-reply.js';
import { RuntimeModule } from '../runtime.module.js';
import type { RequestCause } from '../work/cause.js';
import { UnitOfWork } from '../work/unit-of-work.js';
import { applyHold } from './apply-hold.js';
import { EffectRow } from './effect.row.js';
import { Effects0001 } from './effects-0001.js';

@Controller()
class FixtureEvents {
  constructor(private readonly work: UnitOfWork) {}

  @On('millrace.training.hold.placed.v1')
  holdPlaced(event: Event<'millrace.training.hold.placed.v1'>): Promise<void> {
    return this.work.run(event, (tx) => applyHold(tx, event.data));
  }
}

@Controller()
class FixtureController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('getRoute')
  async getRoute({ project, name }: OperationInput<'getRoute'>): Promise<HttpReply<Route>> {
    if (name === 'missing') throw new MillraceError('pipeline-not-found', `There is no pipeline ${project}/${name}`);
    if (name === 'broken') throw new Error('a secret of the inside');
    return reply(routeOf(project, name, 1), { headers: { etag: '"1"' } });
  }

  @Answers('rollBackRoute')
  rollBackRoute({ project, name, note }: OperationInput<'rollBackRoute'>, cause: RequestCause): Promise<Route> {
    const pipeline = `${project}/${name}`;
    return this.work.run(cause, async (tx) => {
      await applyHold(tx, { pipeline, hold: `${pipeline}-${note}-${tx.newId()}`, incident: `${project}/asked`, because: [] });
      return routeOf(project, name, await tx.count(EffectRow, { pipeline }));
    });
  }
}

function routeOf(project: string, name: string, revision: number): Route {
  return { pipeline: `${project}/${name}`, revision, targets: [] };
}

/** The smallest service: one event, two operations, one table. It takes the name `deployment` for its contracts. */
@Module({
  imports: [RuntimeModule.forService({ name: 'deployment', rows: [EffectRow], migrations: [Effects0001] })],
  controllers: [FixtureEvents, FixtureController],
})
export class FixtureModule {}
