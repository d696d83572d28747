import { DuckDb, openObjectStore, putContentOfFile } from '@millrace/storage';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { GivenEvent, TestService } from '@millrace/testing';
import { jest } from '@jest/globals';
import { join } from 'node:path';
import { GovernanceModule } from './governance.module.js';

jest.setTimeout(60_000);

let service: TestService;
let kafka: TestKafka;

beforeAll(async () => {
  service = await testService(GovernanceModule, { name: 'governance' });
  kafka = new TestKafka(service.environment);
}, 60_000);

afterAll(async () => {
  await kafka.stop();
  await service.stop();
});

const PIPELINE = 'default/churn';
const RUN = 'default/run-1';
const day = '2026-03-01T00:00:00.000Z';
const window = { from: day, to: '2026-03-02T00:00:00.000Z' };
const file = (digit: string) => ({ url: `file:///objects/${digit}`, sha256: digit.repeat(64), sizeBytes: 10 });

function staged(segment: string, dataSet: string, fromOffset: number): GivenEvent<'millrace.ingestion.segment.staged.v1'> {
  return {
    type: 'millrace.ingestion.segment.staged.v1',
    data: { dataSet, segment, partition: 0, fromOffset, toOffset: fromOffset + 9, rows: 10, quarantined: 0, file: file('a'), pipelineVersion: 1, minEventTime: day, maxEventTime: day, maxKnownAt: day },
  };
}

function published(dataSet: string, version: number, segments: { segment: string; file: ReturnType<typeof file> | null; rows: number }[], removedSegments: string[] = []): GivenEvent<'millrace.ingestion.data-set.version-published.v1'> {
  const kind = dataSet.endsWith('.predictions') ? ('predictions' as const) : ('records' as const);
  return {
    type: 'millrace.ingestion.data-set.version-published.v1',
    data: { dataSet, version, pipeline: PIPELINE, kind, tableUrl: 'file:///objects/table', rows: 10, totalRows: 10 * version, rowsByDay: [], segments, removedSegments, minEventTime: day, maxEventTime: day, watermark: day, offsets: [] },
  };
}

const signature = { task: 'binary-classification' as const, inputs: [{ name: 'age', type: 'double' as const }], output: 'probability' as const };
const featureView = { view: PIPELINE, version: 1 };
const dataSetVersions = [{ dataSet: 'default/customers', version: 3 }];

const created: GivenEvent<'millrace.feature-store.training-set.created.v1'> = {
  type: 'millrace.feature-store.training-set.created.v1',
  data: { pipeline: PIPELINE, run: RUN, trainingSet: 'default/ts-1', file: file('b'), rows: 20, holdOuts: [], signature, dataSetVersions, featureView, asOf: day, window, embargoMs: 0, excluded: [] },
};
const started: GivenEvent<'millrace.training.run.started.v1'> = {
  type: 'millrace.training.run.started.v1',
  data: { pipeline: PIPELINE, run: RUN, attempt: 1, command: ['python', 'train.py'], codeSha256: 'c'.repeat(64), parameters: { rounds: 80 }, seed: 7, environmentSha256: 'd'.repeat(64), trainingSet: 'default/ts-1' },
};
const registered: GivenEvent<'millrace.registry.model-version.registered.v1'> = {
  type: 'millrace.registry.model-version.registered.v1',
  data: { pipeline: PIPELINE, modelVersion: 2, run: RUN, model: file('e'), signature, featureView, dataSetVersions, trainingSet: 'default/ts-1', window },
};

async function seen(type: string, count: number): Promise<void> {
  await eventually(async () => expect((await service.call('listAuditEntries', { type })).body.entries).toHaveLength(count), 20_000);
}

describe('lineage', () => {
  it('leads from a model version to run, code, training set and the segments of its data, each with its place in the log', async () => {
    await kafka.sendEvents(staged('s1', 'default/customers', 0), staged('s2', 'default/customers', 10), staged('s3', 'default/customers', 20));
    await kafka.sendEvents(
      published('default/customers', 1, [{ segment: 's1', file: file('1'), rows: 10 }]),
      published('default/customers', 2, [{ segment: 's2', file: file('2'), rows: 10 }]),
      published('default/customers', 3, [], ['s2']),
      published('default/customers', 4, [{ segment: 's3', file: file('3'), rows: 10 }]),
    );
    await kafka.sendEvents(created, started, registered);
    await seen('millrace.registry.model-version.registered.v1', 1);
    await seen('millrace.training.run.started.v1', 1);
    await seen('millrace.feature-store.training-set.created.v1', 1);
    await seen('millrace.ingestion.data-set.version-published.v1', 4);
    await seen('millrace.ingestion.segment.staged.v1', 3);
    const { body } = await service.call('getModelVersionLineage', { project: 'default', name: 'churn', version: 2 });
    expect(body.of).toBe('model-version:default/churn@2');
    expect(body.nodes.map(({ id }) => id).sort()).toEqual([
      `code:${'c'.repeat(64)}`,
      'data-set-version:default/customers@3',
      'evaluation:default/run-1',
      'feature-view:default/churn@1',
      'model-version:default/churn@2',
      'run:default/run-1',
      'segment:s1',
      'training-set:default/ts-1',
    ]);
    expect(body.edges).toContainEqual({ from: 'data-set-version:default/customers@3', to: 'segment:s1' });
    const segment = body.nodes.find(({ id }) => id === 'segment:s1');
    expect(segment).toMatchObject({ sha256: '1'.repeat(64), facts: { fromOffset: 0, toOffset: 9, rows: 10 } });
    const { body: entry } = await service.call('getAuditEntry', { index: segment?.index ?? -1 });
    expect(entry.entry.type).toBe('millrace.ingestion.segment.staged.v1');
  });

  it('leads from a prediction to the segment that proves it and to the model version that made it', async () => {
    const store = openObjectStore(service.environment.objectStoreUrl);
    const path = join(service.environment.home, 'predictions.parquet');
    const duckDb = await DuckDb.open();
    await duckDb.copyToParquet(`SELECT * FROM (VALUES ('p1', 2, false, 0.4, 'challenger'), ('p1', 2, true, 0.7, 'champion')) AS t (prediction_id, model_version, served, score, role)`, path);
    await duckDb.close();
    const stored = await putContentOfFile(store, 'predictions', path, '.parquet');
    await kafka.sendEvents(staged('sp', `${PIPELINE}.predictions`, 0), published(`${PIPELINE}.predictions`, 1, [{ segment: 'sp', file: stored, rows: 2 }, { segment: 'empty', file: null, rows: 0 }]));
    await eventually(async () => {
      const { status, body } = await service.call('getPredictionLineage', { project: 'default', name: 'churn', predictionId: 'p1' });
      expect(status).toBe(200);
      expect(body.nodes.find(({ kind }) => kind === 'prediction')?.facts).toMatchObject({ score: 0.7, served: true, model_version: 2 });
      expect(body.edges).toContainEqual({ from: 'prediction:p1', to: 'segment:sp' });
      expect(body.edges).toContainEqual({ from: 'prediction:p1', to: 'model-version:default/churn@2' });
    }, 20_000);
  });

  it('leads from an incident to the holds, runs, model versions and rollouts of every pipeline that it touches, and back from each run and model version', async () => {
    const incident = 'default/inc-1';
    const drift = (pipeline: string): GivenEvent<'millrace.monitoring.drift.detected.v1'> => ({ type: 'millrace.monitoring.drift.detected.v1', data: { pipeline, modelVersion: 1, incident, diagnosis: 'covariate', changePoint: day, window, columns: [], because: [] } });
    const asked = (pipeline: string, run: string): GivenEvent<'millrace.training.run.requested.v1'> => ({ type: 'millrace.training.run.requested.v1', data: { pipeline, run, trigger: 'default/tr-1', cause: 'drift', incident, changePoint: day, asOf: day, excluded: [], champion: null } });
    await kafka.sendEvents(drift(PIPELINE), drift('default/wear'), asked(PIPELINE, RUN));
    await kafka.sendEvents(
      { type: 'millrace.training.run.queued.v1', data: { pipeline: 'default/wear', run: 'default/run-2', trigger: 'default/tr-2', cause: 'drift', incident, position: 1, estimatedLossPerDay: 5, because: [] } },
      { type: 'millrace.training.run.cancelled.v1', data: { pipeline: 'default/wear', run: 'default/run-2', trigger: 'default/tr-2', incident, because: [] } },
      { type: 'millrace.training.hold.placed.v1', data: { pipeline: 'default/wear', hold: 'default/hold-1', incident, because: [] } },
      { type: 'millrace.deployment.rollout.started.v1', data: { pipeline: PIPELINE, rollout: 'default/ro-1', modelVersion: 2, run: RUN, previous: null, plan: { shadowPredictions: 0, shadowMargin: 0, canary: [], bakeMs: 0, shadowPredecessor: 0 } } },
    );
    const { body } = await eventually(async () => {
      const answer = await service.call('getIncidentLineage', { project: 'default', incident: 'inc-1' });
      expect(answer.body.nodes?.map(({ id }) => id).sort()).toEqual(['hold:default/hold-1', 'incident:default/inc-1', 'model-version:default/churn@2', 'rollout:default/ro-1', 'run:default/run-1', 'run:default/run-2']);
      expect(answer.body.nodes.find(({ kind }) => kind === 'incident')?.facts).toMatchObject({ diagnosis: 'covariate', pipelines: 2 });
      expect(answer.body.nodes.find(({ id }) => id === 'run:default/run-2')?.facts).toMatchObject({ cancelled: true });
      return answer;
    }, 20_000);
    expect(body.edges).toEqual(expect.arrayContaining([{ from: 'run:default/run-1', to: 'incident:default/inc-1' }, { from: 'rollout:default/ro-1', to: 'model-version:default/churn@2' }, { from: 'hold:default/hold-1', to: 'incident:default/inc-1' }]));
    const back = await service.call('getRunLineage', { project: 'default', run: 'run-1' });
    expect(back.body.edges).toEqual(expect.arrayContaining([{ from: 'run:default/run-1', to: 'incident:default/inc-1' }, { from: 'model-version:default/churn@2', to: 'run:default/run-1' }]));
    const version = await service.call('getModelVersionLineage', { project: 'default', name: 'churn', version: 2 });
    expect(version.body.edges).toContainEqual({ from: 'run:default/run-1', to: 'incident:default/inc-1' });
  });

  it('of what the log has not seen is not found', async () => {
    expect(await service.request('GET', '/lineage/model-versions/default/churn/99')).toMatchObject({ status: 404, body: { code: 'model-version-not-found' } });
    expect(await service.request('GET', '/lineage/incidents/default/none')).toMatchObject({ status: 404, body: { code: 'incident-not-found' } });
    expect(await service.request('GET', '/lineage/runs/default/none')).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
    expect(await service.request('GET', '/lineage/predictions/default/churn/nothing')).toMatchObject({ status: 404, body: { code: 'prediction-not-found' } });
  });
});
