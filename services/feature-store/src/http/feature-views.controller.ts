import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { viewRefOf } from '../store/feature-view.row.js';
import { activeView, describeFeatureView } from '../use-cases/describe-feature-view.js';
import { readOnlineFeatures } from '../use-cases/read-online-features.js';

@Controller()
export class FeatureViewsController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('getFeatureView')
  get({ project, name }: OperationInput<'getFeatureView'>): Promise<OperationOutput<'getFeatureView'>> {
    return this.work.read((tx) => describeFeatureView(tx, `${project}/${name}`));
  }

  @Answers('readOnlineFeatures')
  read({ project, name, records, asOf }: OperationInput<'readOnlineFeatures'>): Promise<OperationOutput<'readOnlineFeatures'>> {
    return this.work.read(async (tx) => {
      const view = await activeView(tx, `${project}/${name}`);
      return { featureView: viewRefOf(view), rows: await readOnlineFeatures(tx, view.definition, records, asOf) };
    });
  }
}
