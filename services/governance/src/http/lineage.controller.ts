import { MillraceError } from '@millrace/contracts';
import type { Lineage, OperationInput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { PredictionLog } from '../adapters/prediction-log.js';
import { LineageGraph } from '../use-cases/lineage-graph.js';
import { traceIncident, traceRun } from '../use-cases/trace-incident.js';
import { traceModelVersion } from '../use-cases/trace-model-version.js';
import { predictionSegments, tracePrediction } from '../use-cases/trace-prediction.js';

@Controller()
export class LineageController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly predictions: PredictionLog,
  ) {}

  @Answers('getModelVersionLineage')
  modelVersion({ project, name, version }: OperationInput<'getModelVersionLineage'>): Promise<Lineage> {
    return this.work.read(async (tx) => {
      const graph = new LineageGraph();
      return graph.of(await traceModelVersion(tx, graph, `${project}/${name}`, version));
    });
  }

  @Answers('getIncidentLineage')
  incident({ project, incident }: OperationInput<'getIncidentLineage'>): Promise<Lineage> {
    return this.work.read((tx) => traceIncident(tx, `${project}/${incident}`));
  }

  @Answers('getRunLineage')
  run({ project, run }: OperationInput<'getRunLineage'>): Promise<Lineage> {
    return this.work.read((tx) => traceRun(tx, `${project}/${run}`));
  }

  @Answers('getPredictionLineage')
  async prediction({ project, name, predictionId }: OperationInput<'getPredictionLineage'>): Promise<Lineage> {
    const pipeline = `${project}/${name}`;
    const segments = await this.work.read((tx) => predictionSegments(tx, pipeline));
    const found = await this.predictions.find(segments, predictionId);
    if (!found) throw new MillraceError('prediction-not-found', `No published segment of ${pipeline} holds the prediction ${predictionId}`);
    return this.work.read((tx) => tracePrediction(tx, pipeline, predictionId, found));
  }
}
