import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { CodeStore } from '../adapters/code-store.js';
import { PartChecks } from '../adapters/part-checks.js';
import { applyPipeline } from '../use-cases/apply-pipeline.js';
import { listPipelines, showPipeline, showPipelineVersion } from '../use-cases/show-pipelines.js';

/** Pipelines and their versions. */
@Controller()
export class PipelinesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly partChecks: PartChecks,
    private readonly codeStore: CodeStore,
  ) {}

  @Answers('applyPipeline')
  apply(input: OperationInput<'applyPipeline'>, cause: RequestCause): Promise<OperationOutput<'applyPipeline'>> {
    return applyPipeline({ work: this.work, partChecks: this.partChecks, codeStore: this.codeStore }, input, cause);
  }

  @Answers('listPipelines')
  async list(): Promise<OperationOutput<'listPipelines'>> {
    return { pipelines: await this.work.read(listPipelines) };
  }

  @Answers('getPipeline')
  get({ project, name }: OperationInput<'getPipeline'>): Promise<OperationOutput<'getPipeline'>> {
    return this.work.read((tx) => showPipeline(tx, `${project}/${name}`));
  }

  @Answers('getPipelineVersion')
  getVersion({ project, name, version }: OperationInput<'getPipelineVersion'>): Promise<OperationOutput<'getPipelineVersion'>> {
    return this.work.read((tx) => showPipelineVersion(tx, `${project}/${name}`, version));
  }
}
