import { Controller } from '@nestjs/common';
import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { DataSetTables } from '../adapters/data-set-tables.js';
import { Publisher } from '../adapters/publisher.js';
import { dataSetIdOf } from '../data-set-names.js';
import { describeDataSet, describeDataSets, listSegments, listVersions } from '../use-cases/describe-data-sets.js';
import { revertDataSet } from '../use-cases/revert-data-set.js';

@Controller()
export class DataSetsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: DataSetTables,
    private readonly publisher: Publisher,
  ) {}

  @Answers('listDataSets')
  async list(): Promise<OperationOutput<'listDataSets'>> {
    return { dataSets: await this.work.read((tx) => describeDataSets(tx, (dataSet) => this.tables.urlOf(dataSet))) };
  }

  @Answers('getDataSet')
  get(input: OperationInput<'getDataSet'>): Promise<OperationOutput<'getDataSet'>> {
    return this.work.read((tx) => describeDataSet(tx, dataSetIdOf(input), (dataSet) => this.tables.urlOf(dataSet)));
  }

  @Answers('listDataSetVersions')
  async versions(input: OperationInput<'listDataSetVersions'>): Promise<OperationOutput<'listDataSetVersions'>> {
    return { versions: await this.work.read((tx) => listVersions(tx, dataSetIdOf(input), input.limit)) };
  }

  @Answers('listSegments')
  async segments(input: OperationInput<'listSegments'>): Promise<OperationOutput<'listSegments'>> {
    return { segments: await this.work.read((tx) => listSegments(tx, dataSetIdOf(input), input.limit)) };
  }

  @Answers('revertDataSet')
  async revert(input: OperationInput<'revertDataSet'>, cause: RequestCause): Promise<OperationOutput<'revertDataSet'>> {
    return this.work.run(cause, async (tx) => {
      tx.afterCommit(() => this.publisher.wake());
      return revertDataSet(tx, dataSetIdOf(input), input);
    });
  }
}
