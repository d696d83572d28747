import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { Predictor } from '../adapters/predictor.js';

@Controller()
export class PredictionsController {
  constructor(private readonly predictor: Predictor) {}

  @Answers('predict')
  async predict({ project, name, records }: OperationInput<'predict'>, cause: RequestCause): Promise<OperationOutput<'predict'>> {
    const { route, featureWatermarkMs, staleMs, answers } = await this.predictor.predict({ pipeline: `${project}/${name}`, requestId: cause.id, records });
    return { pipeline: route.pipeline, routeRevision: route.revision, featureWatermark: featureWatermarkMs === null ? null : new Date(featureWatermarkMs).toISOString(), staleMs, predictions: answers };
  }
}
