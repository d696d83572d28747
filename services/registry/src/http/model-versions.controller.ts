import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import type { RequestCause, Tx } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { ModelSigner } from '../adapters/model-signer.js';
import type { ModelVersionRow } from '../store/model-version.row.js';
import { approveModelVersion } from '../use-cases/approve-model-version.js';
import { rejectModelVersion } from '../use-cases/reject-model-version.js';
import { listModelVersions, showModelVersion } from '../use-cases/show-model-versions.js';
import { withdrawModelVersion } from '../use-cases/withdraw-model-version.js';

/** Model versions: what is known of them, and what people decide about them. */
@Controller()
export class ModelVersionsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly signer: ModelSigner,
  ) {}

  @Answers('listModelVersions')
  async list(input: OperationInput<'listModelVersions'>): Promise<OperationOutput<'listModelVersions'>> {
    return { modelVersions: await this.work.read((tx) => listModelVersions(tx, input)) };
  }

  @Answers('getModelVersion')
  get({ project, name, version }: OperationInput<'getModelVersion'>): Promise<OperationOutput<'getModelVersion'>> {
    return this.work.read((tx) => showModelVersion(tx, `${project}/${name}`, version));
  }

  @Answers('approveModelVersion')
  approve(input: OperationInput<'approveModelVersion'>, cause: RequestCause): Promise<OperationOutput<'approveModelVersion'>> {
    return this.#decide(cause, (tx) => approveModelVersion(tx, input, this.signer));
  }

  @Answers('rejectModelVersion')
  reject(input: OperationInput<'rejectModelVersion'>, cause: RequestCause): Promise<OperationOutput<'rejectModelVersion'>> {
    return this.#decide(cause, (tx) => rejectModelVersion(tx, input));
  }

  @Answers('withdrawModelVersion')
  withdraw(input: OperationInput<'withdrawModelVersion'>, cause: RequestCause): Promise<OperationOutput<'withdrawModelVersion'>> {
    return this.#decide(cause, (tx) => withdrawModelVersion(tx, input));
  }

  #decide(cause: RequestCause, useCase: (tx: Tx) => Promise<ModelVersionRow>): Promise<OperationOutput<'getModelVersion'>> {
    return this.work.run(cause, async (tx) => {
      const { pipeline, modelVersion } = await useCase(tx);
      return showModelVersion(tx, pipeline, modelVersion);
    });
  }
}
