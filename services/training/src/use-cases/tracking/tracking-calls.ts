import type { ReadTx, Tx } from '@millrace/runtime';
import { listArtifactsOfRun } from './artifacts.js';
import { createExperiment, getExperiment, getExperimentByName, searchExperiments } from './experiments.js';
import { deleteTag, logBatch, logMetric, logParam, setTag } from './log-values.js';
import { getMetricHistory } from './metric-history.js';
import { searchRuns } from './search-runs.js';
import { createTrackedRun, deleteTrackedRun, getTrackedRun, logInputs, restoreTrackedRun, updateTrackedRun } from './tracked-runs.js';
import type { TrackingArguments } from './tracking-arguments.js';

type Reading = (tx: ReadTx, args: TrackingArguments) => Promise<object>;
type Writing = (tx: Tx, args: TrackingArguments) => Promise<object>;

/** Calls of the MLflow tracking API that read, by their path below /api/2.0/mlflow. Searches come as GET and as POST. */
export const readingCalls: Readonly<Record<string, Reading>> = {
  'experiments/get-by-name': getExperimentByName,
  'experiments/get': getExperiment,
  'experiments/search': searchExperiments,
  'runs/get': getTrackedRun,
  'runs/search': searchRuns,
  'metrics/get-history': getMetricHistory,
  'artifacts/list': listArtifactsOfRun,
  // Clients of MLflow 3 look for logged models when they list artifacts; there are none.
  'logged-models/search': () => Promise.resolve({}),
};

/** Those that write; all but the first two change one run only. */
export const writingCalls: Readonly<Record<string, Writing>> = {
  'experiments/create': createExperiment,
  'runs/create': createTrackedRun,
  'runs/update': updateTrackedRun,
  'runs/delete': deleteTrackedRun,
  'runs/restore': restoreTrackedRun,
  'runs/log-metric': logMetric,
  'runs/log-parameter': logParam,
  'runs/log-batch': logBatch,
  'runs/log-inputs': logInputs,
  'runs/set-tag': setTag,
  'runs/delete-tag': deleteTag,
};
