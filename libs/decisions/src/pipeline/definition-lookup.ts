import type { DataSetDefinition, Pipeline } from '@millrace/contracts';

/** A data set of the pipeline by its id. A normalised pipeline names only data sets that it declares. */
export function dataSetOf(pipeline: Pick<Pipeline, 'id' | 'dataSets'>, dataSet: string): DataSetDefinition {
  const found = pipeline.dataSets.find((candidate) => candidate.id === dataSet);
  if (!found) throw new TypeError(`Pipeline ${pipeline.id} declares no data set ${dataSet}`);
  return found;
}

/** The data set of which each record is one prediction. */
export function spineOf(pipeline: Pick<Pipeline, 'id' | 'dataSets' | 'predict'>): DataSetDefinition {
  return dataSetOf(pipeline, pipeline.predict.dataSet);
}
