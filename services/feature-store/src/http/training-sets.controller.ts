import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, AnswersRaw, UnitOfWork, inputOfRequest } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Tables } from '../adapters/tables.js';
import { FeatureViewRow } from '../store/feature-view.row.js';
import { listTrainingSets } from '../use-cases/list-training-sets.js';
import { openHoldOut } from '../use-cases/open-hold-out.js';
import { reproduceFeatures } from '../use-cases/reproduce-features.js';
import { sourcesOf } from '../use-cases/sources-of.js';

@Controller()
export class TrainingSetsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: Tables,
  ) {}

  @Answers('listTrainingSets')
  list({ project, name, limit }: OperationInput<'listTrainingSets'>): Promise<OperationOutput<'listTrainingSets'>> {
    return this.work.read(async (tx) => ({ trainingSets: await listTrainingSets(tx, `${project}/${name}`, limit) }));
  }

  @AnswersRaw('openHoldOut')
  async openHoldOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { project, holdOut } = inputOfRequest('openHoldOut', request);
    const bytes = await this.work.read((tx) => openHoldOut(tx, this.tables.store, `${project}/${holdOut}`));
    await reply.type('application/vnd.apache.parquet').send(bytes);
  }

  @Answers('reproduceFeatures')
  async reproduce({ pipeline, from, to }: OperationInput<'reproduceFeatures'>): Promise<OperationOutput<'reproduceFeatures'>> {
    const { definition, sources } = await this.work.read(async (tx) => {
      const view = await tx.get(FeatureViewRow, { pipeline, state: 'active' }, 'feature-view-not-found');
      return { definition: view.definition, sources: await sourcesOf(tx, view.definition) };
    });
    return reproduceFeatures(this.tables, definition, sources, { fromMs: Date.parse(from), toMs: Date.parse(to) });
  }
}
