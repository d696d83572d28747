import { RuntimeModule } from '@millrace/runtime';
import { Module } from '@nestjs/common';
import { DeploymentEvents } from './deployment.events.js';
import { RolloutsController } from './http/rollouts.controller.js';
import { RolloutDeadlines } from './rollout-deadlines.js';
import { Rollouts0001 } from './store/migrations/0001-rollouts.js';
import { HeldRoutes0002 } from './store/migrations/0002-held-routes.js';
import { PipelineRow } from './store/pipeline.row.js';
import { RolloutRow } from './store/rollout.row.js';
import { RouteRow } from './store/route.row.js';

/** Rollouts and routes. */
@Module({
  imports: [RuntimeModule.forService({ name: 'deployment', rows: [PipelineRow, RouteRow, RolloutRow], migrations: [Rollouts0001, HeldRoutes0002] })],
  controllers: [RolloutsController, DeploymentEvents],
  providers: [RolloutDeadlines],
})
export class DeploymentModule {}
