/** Where producers write a data set's records, keyed by its key column. */
export function dataTopicOf(dataSet: string): string {
  return `millrace.data.${dataSet.replace('/', '.')}`;
}

/** Where ingestion puts the records that passed their checks, in the partition and order of the data topic. */
export function acceptedTopicOf(dataSet: string): string {
  return `${dataTopicOf(dataSet)}.accepted`;
}

/** Where inference logs a pipeline's predictions: the data topic of the prediction log. */
export function predictionTopicOf(pipeline: string): string {
  return dataTopicOf(`${pipeline}.predictions`);
}
