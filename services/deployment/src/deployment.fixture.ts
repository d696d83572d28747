import type { EventData, Pipeline } from '@millrace/contracts';
import { parsePipeline, servingSpecOf } from '@millrace/decisions';

const file = `pipeline: churn
dataSets:
  customers: { key: customer_id, eventTime: seen_at, columns: { customer_id: string, seen_at: timestamp, age: double } }
  outcomes: { key: customer_id, eventTime: seen_at, columns: { customer_id: string, seen_at: timestamp, left: double } }
predict: { dataSet: customers }
features: { age: { column: age } }
label: { dataSet: outcomes, column: left, above: 0, maturesAfter: 1d }
training: { command: [python, train.py] }
rollout: { shadow: { predictions: 100, margin: 0.01 }, canary: [{ traffic: 20%, predictions: 50 }], bake: 1d, shadowPredecessor: 200 }
`;

/** A pipeline whose rollouts have a shadow, one canary step and a bake time. */
export const pipeline: Pipeline = pipelineOf(file);

/** The registry's word that a version may be served. */
export function approvalOf(modelVersion: number): EventData['millrace.registry.model-version.approved.v1'] {
  return {
    pipeline: pipeline.id,
    modelVersion,
    run: `default/run-${modelVersion}`,
    model: { url: `file:///objects/${modelVersion}.onnx`, sha256: String(modelVersion).padStart(64, '0'), sizeBytes: 1000 },
    signed: { keyId: 'k', signature: 'c2lnbmVk' },
    serving: servingSpecOf(pipeline, { view: pipeline.id, version: 1 }),
    approvedBy: 'service:registry',
    because: [],
  };
}

function pipelineOf(source: string): Pipeline {
  const { pipeline: read, errors } = parsePipeline(source);
  if (!read) throw new TypeError(JSON.stringify(errors));
  return read;
}
