import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { PredictionReader } from '../adapters/prediction-reader.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { compareVersions } from '../use-cases/compare-versions.js';
import { listWindows } from '../use-cases/list-windows.js';

@Controller()
export class WindowsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly predictions: PredictionReader,
  ) {}

  @Answers('listWindows')
  list({ project, name, limit }: OperationInput<'listWindows'>): Promise<OperationOutput<'listWindows'>> {
    return this.work.read((tx) => listWindows(tx, `${project}/${name}`, limit ?? 100));
  }

  @Answers('listComparisons')
  async compare({ project, name }: OperationInput<'listComparisons'>): Promise<OperationOutput<'listComparisons'>> {
    const pipeline = await this.work.read((tx) => tx.get(PipelineRow, { pipeline: `${project}/${name}` }, 'pipeline-not-found'));
    return { comparisons: await compareVersions(pipeline, this.predictions) };
  }
}
