import type { Freshness, OperationOutput, PartitionFreshness, Target } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { LiveState } from '../adapters/live-state.js';
import { PredictionLog } from '../adapters/prediction-log.js';
import { aggregatedDataSets } from '../use-cases/features-of.js';

@Controller()
export class FreshnessController {
  constructor(
    private readonly live: LiveState,
    private readonly log: PredictionLog,
  ) {}

  @Answers('getFreshness')
  freshness(): Promise<OperationOutput<'getFreshness'>> {
    const state = this.live.routes.state();
    return Promise.resolve({
      caughtUp: this.live.isCaughtUp,
      routesStaleMs: this.live.staleMs,
      views: this.viewsOf(state.map(({ target }) => target)),
      models: state.map(({ pipeline, revision, target: { modelVersion, role, trafficRatio }, problem }) => ({
        pipeline, modelVersion, role, trafficRatio, routeRevision: revision, loaded: problem === null && this.isLoaded(pipeline, modelVersion), problem,
      })),
      predictions: { process: this.log.process, logged: this.log.logged, waiting: this.log.waitingCount, spooled: this.log.spooledCount, lost: this.log.lost },
    });
  }

  private isLoaded(pipeline: string, modelVersion: number): boolean {
    return this.live.routes.get(pipeline)?.targets.some((target) => target.modelVersion === modelVersion) ?? false;
  }

  private viewsOf(targets: readonly Target[]): Freshness['views'] {
    const dataSetsByView = new Map<string, Set<string>>();
    for (const { serving } of targets) {
      const dataSets = dataSetsByView.get(serving.featureView.view) ?? new Set<string>();
      for (const dataSet of aggregatedDataSets(serving)) dataSets.add(dataSet);
      dataSetsByView.set(serving.featureView.view, dataSets);
    }
    return [...dataSetsByView].map(([view, dataSets]) => {
      const watermarkMs = this.live.tiles.watermarkMsOf([...dataSets]);
      return { view, watermark: watermarkMs === null ? null : new Date(watermarkMs).toISOString(), dataSets: [...dataSets].map((dataSet) => ({ dataSet, partitions: this.partitionsOf(dataSet) })) };
    });
  }

  private partitionsOf(dataSet: string): PartitionFreshness[] {
    return this.live.tiles.progressOf(dataSet).map(({ partition, sourceOffset, watermarkMs }) => ({ partition, sourceOffset, watermark: new Date(watermarkMs).toISOString() }));
  }
}
