import type { FeatureViewRef, Pipeline, ServingSpec, Signature } from '@millrace/contracts';
import { spineOf } from './definition-lookup.js';

/** What a model of this pipeline takes and gives: one input per feature, in the file's order. */
export function signatureOf(pipeline: Pick<Pipeline, 'features' | 'label'>): Signature {
  return {
    task: pipeline.label.task,
    inputs: pipeline.features.map(({ name, type, nullable }) => ({ name, type, nullable })),
    output: pipeline.label.task === 'regression' ? 'value' : 'probability',
  };
}

/** All that inference needs to serve a model version of this pipeline. Callers send records of the spine; columns that no feature uses may be left out, and so may the event time, which then is now. */
export function servingSpecOf(pipeline: Pipeline, featureView: FeatureViewRef): ServingSpec {
  const spine = spineOf(pipeline);
  const needed = new Set([spine.keyColumn, ...pipeline.features.map((feature) => (feature.kind === 'aggregate' ? feature.on : feature.column))]);
  needed.delete(spine.eventTimeColumn);
  return {
    keyColumn: spine.keyColumn,
    eventTimeColumn: spine.eventTimeColumn,
    columns: spine.columns.map(({ name, type, optional }) => ({ name, type, optional: optional || !needed.has(name) })),
    features: pipeline.features,
    signature: signatureOf(pipeline),
    featureView,
    logging: pipeline.serving.logging,
  };
}

/** Whether two versions of a pipeline have the same feature view, so that online values, training sets and models of one fit the other. */
export function haveSameFeatureView(a: Pipeline, b: Pipeline): boolean {
  return viewOf(a) === viewOf(b);
}

function viewOf(pipeline: Pipeline): string {
  const clocks = pipeline.dataSets.map((dataSet) => [dataSet.id, dataSet.keyColumn, dataSet.eventTimeColumn, dataSet.knownAtColumn]);
  const features = pipeline.features.map((feature) => Object.entries(feature).sort(([left], [right]) => (left < right ? -1 : 1)));
  return JSON.stringify([pipeline.predict.dataSet, clocks, features]);
}
