import { MillraceError } from '@millrace/contracts';
import type { InferResponse, OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { LiveState } from '../adapters/live-state.js';
import { Predictor } from '../adapters/predictor.js';
import type { LoadedTarget } from '../adapters/route-table.js';
import type { AnsweredRequest } from '../use-cases/predict.js';
import { datatypeOf, recordsOfTensors } from './records-of-tensors.js';

/** Open Inference Protocol v2 over HTTP. A model is a pipeline: `<project>.<name>`, or the name alone in the project `default`. */
@Controller()
export class OpenInferenceController {
  constructor(
    private readonly predictor: Predictor,
    private readonly live: LiveState,
  ) {}

  @Answers('getServerMetadata')
  server(): Promise<OperationOutput<'getServerMetadata'>> {
    return Promise.resolve({ name: 'millrace', version: '0.1.0', extensions: [] });
  }

  @Answers('getServerLive')
  serverLive(): Promise<OperationOutput<'getServerLive'>> {
    return Promise.resolve({ live: true });
  }

  @Answers('getServerReady')
  serverReady(): Promise<OperationOutput<'getServerReady'>> {
    return Promise.resolve({ ready: this.live.isReady && this.live.routes.state().every(({ problem }) => problem === null) });
  }

  @Answers('getModelMetadata')
  async model({ model }: OperationInput<'getModelMetadata'>): Promise<OperationOutput<'getModelMetadata'>> {
    const pipeline = pipelineOf(model);
    const { serving } = this.championOf(pipeline);
    const versions = this.live.routes.get(pipeline)?.targets.map((target) => String(target.modelVersion)) ?? [];
    return {
      name: model,
      versions,
      platform: 'onnx_onnxruntime',
      inputs: serving.columns.map(({ name, type }) => ({ name, datatype: datatypeOf(type), shape: [-1] })),
      outputs: [{ name: 'score', datatype: 'FP64', shape: [-1] }, { name: 'model_version', datatype: 'INT64', shape: [-1] }, { name: 'prediction_id', datatype: 'BYTES', shape: [-1] }],
    };
  }

  @Answers('getModelReady')
  async modelReady({ model }: OperationInput<'getModelReady'>): Promise<OperationOutput<'getModelReady'>> {
    this.championOf(pipelineOf(model));
    return { name: model, ready: true };
  }

  @Answers('infer')
  async infer({ model, id, inputs }: OperationInput<'infer'>, cause: RequestCause): Promise<InferResponse> {
    const pipeline = pipelineOf(model);
    const records = recordsOfTensors(this.championOf(pipeline).serving.columns, inputs);
    return responseOf(model, id, await this.predictor.predict({ pipeline, requestId: id ?? cause.id, records }));
  }

  private championOf(pipeline: string): LoadedTarget {
    const champion = this.live.routes.get(pipeline)?.targets.find((target) => target.role === 'champion');
    if (!champion) throw new MillraceError('model-not-served', `No version of ${pipeline} is served`, { pipeline });
    return champion;
  }
}

function pipelineOf(model: string): string {
  return model.includes('.') ? model.replace('.', '/') : `default/${model}`;
}

function responseOf(model: string, id: string | undefined, { route, champion, featureWatermarkMs, staleMs, answers }: AnsweredRequest): InferResponse {
  const shape = [answers.length];
  return {
    model_name: model,
    model_version: String(champion.modelVersion),
    ...(id === undefined ? {} : { id }),
    parameters: {
      route_revision: route.revision,
      feature_view_version: champion.serving.featureView.version,
      feature_watermark: featureWatermarkMs === null ? null : new Date(featureWatermarkMs).toISOString(),
      stale_ms: staleMs,
    },
    outputs: [
      { name: 'score', shape, datatype: 'FP64', data: answers.map((answer) => answer.score) },
      { name: 'model_version', shape, datatype: 'INT64', data: answers.map((answer) => answer.modelVersion) },
      { name: 'prediction_id', shape, datatype: 'BYTES', data: answers.map((answer) => answer.predictionId) },
    ],
  };
}
