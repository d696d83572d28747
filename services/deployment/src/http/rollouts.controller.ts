import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { checkPipelinePart } from '../use-cases/check-pipeline-part.js';
import { continueRollout } from '../use-cases/pause-rollout.js';
import { rollBackRoute } from '../use-cases/roll-back-route.js';
import { listRollouts, listRoutes, showRollout, showRoute } from '../use-cases/show-rollouts.js';

/** Rollouts and routes. */
@Controller()
export class RolloutsController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('checkDeploymentPart')
  async check({ definition }: OperationInput<'checkDeploymentPart'>): Promise<OperationOutput<'checkDeploymentPart'>> {
    return checkPipelinePart(definition);
  }

  @Answers('listRollouts')
  async list(input: OperationInput<'listRollouts'>): Promise<OperationOutput<'listRollouts'>> {
    return { rollouts: await this.work.read((tx) => listRollouts(tx, input)) };
  }

  @Answers('getRollout')
  get({ project, rollout }: OperationInput<'getRollout'>): Promise<OperationOutput<'getRollout'>> {
    return this.work.read((tx) => showRollout(tx, `${project}/${rollout}`));
  }

  @Answers('continueRollout')
  continue({ project, rollout, note }: OperationInput<'continueRollout'>, cause: RequestCause): Promise<OperationOutput<'continueRollout'>> {
    const id = `${project}/${rollout}`;
    return this.work.run(cause, async (tx) => {
      await continueRollout(tx, id, note);
      return showRollout(tx, id);
    });
  }

  @Answers('listRoutes')
  async listRoutes(): Promise<OperationOutput<'listRoutes'>> {
    return { routes: await this.work.read(listRoutes) };
  }

  @Answers('getRoute')
  getRoute({ project, name }: OperationInput<'getRoute'>): Promise<OperationOutput<'getRoute'>> {
    return this.work.read((tx) => showRoute(tx, `${project}/${name}`));
  }

  @Answers('rollBackRoute')
  rollBack({ project, name, note }: OperationInput<'rollBackRoute'>, cause: RequestCause): Promise<OperationOutput<'rollBackRoute'>> {
    const pipeline = `${project}/${name}`;
    return this.work.run(cause, async (tx) => {
      await showRoute(tx, pipeline);
      await rollBackRoute(tx, pipeline, note);
      return showRoute(tx, pipeline);
    });
  }
}
