import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EvaluationCompleted, PipelinePartVerdict } from '@millrace/contracts';
import { partOwners } from './adapters/part-checks.js';

/** A pipeline file as small as it gets, with more sections after it. */
export function fileOf(more = ''): string {
  return `pipeline: churn
dataSets:
  customers:
    key: customer_id
    eventTime: seen_at
    columns: { customer_id: string, seen_at: timestamp, age: double }
  outcomes:
    key: customer_id
    eventTime: seen_at
    columns: { customer_id: string, seen_at: timestamp, left: double }
predict: { dataSet: customers }
features: { age: { column: age } }
label: { dataSet: outcomes, column: left, above: 0, maturesAfter: 1d }
training: { command: [python, train.py] }
${more}`;
}

/** An HTTP server in the place of the other services, which all say the same of a pipeline. */
export async function otherServices(verdict: PipelinePartVerdict): Promise<{ urls: string; stop(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(verdict)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { urls: JSON.stringify(Object.fromEntries(partOwners.map((service) => [service, url]))), stop: () => server.close() };
}

/** What the platform measured for a run: ten days on which the challenger's log loss is lower than the champion's by about `gain`. */
export function evaluationOf(run: string, { champion, gain, loss = 0.5 }: { champion: number | null; gain: number; loss?: number }): EvaluationCompleted {
  const blocks = Array.from({ length: 10 }, (_, day) => {
    const challengerLoss = loss + day / 1000;
    const championLoss = champion === null ? null : challengerLoss + gain + ((day % 3) - 1) / 100;
    return { block: `2026-01-${String(day + 1).padStart(2, '0')}`, rows: 100, challengerLoss, championLoss };
  });
  const artifact = { url: 'file:///objects/model.onnx', sha256: 'a'.repeat(64), sizeBytes: 1234 };
  const window = { from: '2026-01-01T00:00:00Z', to: '2026-01-11T00:00:00Z' };
  const metrics = { challenger: { 'log-loss': loss, 'constant-log-loss': 0.6 }, champion: champion === null ? null : { 'log-loss': loss + gain } };
  return {
    pipeline: 'default/churn',
    run,
    model: artifact,
    signature: { task: 'binary-classification', inputs: [{ name: 'age', type: 'double' }], output: 'probability' },
    champion: champion === null ? null : { modelVersion: champion, run: `default/run-${champion}` },
    holdOuts: [{ kind: 'recent', holdOut: 'default/ho-1', rows: 1000, window, blocks, metrics }],
    parity: { rows: 100, largestDifference: 1e-8, passed: true },
    rowLosses: artifact,
    trainingSet: 'default/ts-1',
    trainingRows: 5000,
    window,
    dataSetVersions: [{ dataSet: 'default/customers', version: 3 }],
    featureView: { view: 'default/churn', version: 1 },
    codeSha256: 'b'.repeat(64),
    parameters: {},
    seed: 1,
    environmentSha256: 'c'.repeat(64),
  };
}
