import type { DataSet } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';

/** `default/flights` → `millrace.data.default.flights`: where producers write. */
export function dataTopicOf(dataSet: string): string {
  return `millrace.data.${dataSet.replace('/', '.')}`;
}

/** What passed the record checks; the prediction log has none, as nobody follows it record by record. */
export function acceptedTopicOf(dataSet: string, kind: DataSet['kind']): string | null {
  return kind === 'records' ? `${dataTopicOf(dataSet)}.accepted` : null;
}

/** Key of the Delta table's folder in the object store. */
export function tableKeyOf(dataSet: string): string {
  return `data-sets/${dataSet}/table`;
}

/** Id from the two path segments of a URL. */
export function dataSetIdOf({ project, name }: { project: string; name: string }): string {
  return `${project}/${name}`;
}

export function projectOf(dataSet: string): string {
  const [project] = dataSet.split('/');
  if (!project) throw new MillraceError('internal-error', `"${dataSet}" is no id of a data set`);
  return project;
}
