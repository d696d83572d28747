import type { Artifact, Pipeline } from '@millrace/contracts';
import type { TestKafka } from '@millrace/testing';
import type { PublishedDays } from './published-days.js';
import { DAY_MS, START_MS, flightsOf, rowLossColumns, rowLosses } from './watched-flights.js';

const sha256 = '0'.repeat(64);
const artifact = { url: 'file:///nowhere', sha256, sizeBytes: 1 };
const timeOf = (day: number): string => new Date(START_MS + day * DAY_MS).toISOString();

/** Version 1 of a pipeline, applied, trained on twelve usual days, evaluated and put in front of all traffic. @param file its training set, where that is another one */
export async function announceVersion(kafka: TestKafka, days: PublishedDays, definition: Pipeline, source: string, file?: Artifact): Promise<void> {
  const pipeline = definition.id;
  const run = `${pipeline}-run-1`;
  const inputs = [{ name: 'miles', type: 'double' as const }, { name: 'load', type: 'double' as const }, { name: 'origin', type: 'string' as const }];
  const signature = { task: 'binary-classification' as const, inputs, output: 'probability' as const };
  const featureView = { view: pipeline, version: 1 };
  const columns = [{ name: '_key', type: 'string' }, { name: '_event_time', type: 'timestamp' }, { name: 'miles', type: 'double' }, { name: 'load', type: 'double' }, { name: 'origin', type: 'string' }] as const;
  const rows = Array.from({ length: 12 }, (_, i) => flightsOf(-21 + i)).flat();
  const made = { pipeline, run, trainingSet: `${pipeline}-ts-1`, signature, dataSetVersions: [], featureView, window: { from: timeOf(-30), to: timeOf(-9) } };
  const trainingSet = file ?? (await days.store(columns, rows.map(({ flight, departed, miles, load, origin }) => ({ _key: flight, _event_time: departed, miles, load, origin }))));
  const serving = { keyColumn: 'flight', eventTimeColumn: 'departed', columns: [], features: definition.features, signature, featureView };
  const target = { modelVersion: 1, run, role: 'champion' as const, trafficRatio: 1, model: artifact, signed: { keyId: 'k', signature: 'c2ln' }, serving };
  await kafka.sendEvents(
    { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline, version: 1, definition, source, sha256, changes: [], previousVersion: null } },
    { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline, version: 1, definition } },
    { type: 'millrace.training.run.requested.v1', data: { pipeline, run, trigger: `${pipeline}-tr-1`, cause: 'first-version', changePoint: null, asOf: timeOf(0), excluded: [], champion: null } },
    { type: 'millrace.feature-store.training-set.created.v1', data: { ...made, file: trainingSet, rows: rows.length, holdOuts: [], asOf: timeOf(0), embargoMs: DAY_MS, excluded: [] } },
    {
      type: 'millrace.training.evaluation.completed.v1',
      data: { ...made, model: artifact, champion: null, holdOuts: [], parity: { rows: 10, largestDifference: 0, passed: true }, rowLosses: await days.store(rowLossColumns, rowLosses()), trainingRows: rows.length, codeSha256: sha256, parameters: {}, seed: 1, environmentSha256: sha256 },
    },
    { type: 'millrace.deployment.route.changed.v1', data: { pipeline, revision: 1, targets: [target] } },
    { type: 'millrace.deployment.rollout.completed.v1', data: { pipeline, rollout: `${pipeline}-ro-1`, modelVersion: 1, run, previous: null } },
  );
  await kafka.caughtUp('millrace.monitoring', 'millrace.deployment.route');
}
