import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { PredictionReader } from '../adapters/prediction-reader.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { realisedPairs, showLoopKpis } from '../use-cases/show-loop-kpis.js';

@Controller()
export class LoopKpisController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly predictions: PredictionReader,
  ) {}

  @Answers('getLoopKpis')
  async show({ project, name }: OperationInput<'getLoopKpis'>): Promise<OperationOutput<'getLoopKpis'>> {
    const pipeline = await this.work.read((tx) => tx.get(PipelineRow, { pipeline: `${project}/${name}` }, 'pipeline-not-found'));
    const realised = await realisedPairs(pipeline, this.predictions);
    return this.work.read((tx) => showLoopKpis(tx, pipeline, realised));
  }
}
