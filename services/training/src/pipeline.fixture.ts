import type { Pipeline } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';

const file = `pipeline: wear
dataSets:
  readings:
    key: id
    eventTime: at
    columns: { id: string, at: timestamp, load: double }
  outcomes:
    key: id
    eventTime: at
    knownAt: measured_at
    columns: { id: string, at: timestamp, measured_at: timestamp, wear: double }
predict: { dataSet: readings }
features: { load: { column: load } }
label: { dataSet: outcomes, column: wear, maturesAfter: 1d }
training: { command: [sh, train.sh], minimumMaturedRows: 500, labelDeadline: 20d }
evaluation: { holdOut: 2d, gates: { referenceLoss: 1 } }
rollout: { shadow: { margin: 1 } }
reactions: { coolDown: 1d }
`;

/** A small pipeline for tests: 500 matured rows, labels mature after a day. */
export function wearPipeline(): Pipeline {
  const parsed = parsePipeline(file);
  if (parsed.errors) throw new TypeError(parsed.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return parsed.pipeline;
}
