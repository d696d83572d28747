import type { ColumnProfile, Pipeline, Profile, SegmentCheck } from '@millrace/contracts';
import { parsePipeline } from '@millrace/decisions';
import { DuckDb, openObjectStore, putContentOfFile, writeParquet } from '@millrace/storage';
import { eventually, testEnvironment, TestKafka, testService } from '@millrace/testing';
import type { TestEnvironment, TestService } from '@millrace/testing';
import { join } from 'node:path';
import { ValidationModule } from './validation.module.js';

const DATA_SET = 'default/wear';
const check = (measure: SegmentCheck['measure'], column: string | null, from: number | null, to: number | null, failure: SegmentCheck['failure'] = 'reject'): SegmentCheck => ({ measure, column, from, to, failure });
const checks = [check('rows', null, 3, null), check('nullShare', 'site', null, 0.5), check('mean', 'load', 10, 90), check('duplicateShare', 'machine', null, 0), check('distinct', 'site', 2, null, 'warn')];

const definition = ((): Pipeline => {
  const { pipeline, errors } = parsePipeline(`pipeline: machine-wear
dataSets:
  wear:
    key: machine
    eventTime: at
    columns: { machine: string, at: timestamp, load: double, site: { type: string, optional: true }, hot: { type: boolean, optional: true } }
  outcomes:
    key: machine
    eventTime: at
    knownAt: known_at
    columns: { machine: string, at: timestamp, known_at: timestamp, wear: double }
predict: { dataSet: wear }
features:
  load: { column: load }
label: { dataSet: outcomes, column: wear, above: 5, maturesAfter: 1d }
training: { command: [python, train.py] }
`);
  if (!pipeline) throw new TypeError(JSON.stringify(errors));
  return { ...pipeline, dataSets: pipeline.dataSets.map((dataSet) => (dataSet.id === DATA_SET ? { ...dataSet, segmentChecks: checks } : dataSet)) };
})();

describe('validation on Kafka and Postgres', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let service: TestService;
  let duckDb: DuckDb;
  let segments = 0;

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    service = await testService(ValidationModule, { name: 'validation', environment });
    duckDb = await DuckDb.open();
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await kafka.stop();
    await duckDb.close();
  });

  async function stage(rows: object[], pipelineVersion = 1): Promise<string> {
    const segment = `default/seg-${(segments += 1)}`;
    const path = join(environment.home, `${segments}.parquet`);
    const columns = [{ name: 'machine', type: 'string' }, { name: 'at', type: 'timestamp' }, { name: 'load', type: 'double' }, { name: 'site', type: 'string' }, { name: 'hot', type: 'boolean' }, { name: '_offset', type: 'long' }] as const;
    await writeParquet(duckDb, path, columns, rows);
    const file = rows.length > 0 ? await putContentOfFile(openObjectStore(environment.objectStoreUrl), `data-sets/${DATA_SET}/table/segments`, path, '.parquet') : null;
    const times = { minEventTime: null, maxEventTime: null, maxKnownAt: null };
    await kafka.sendEvents({ type: 'millrace.ingestion.segment.staged.v1', pipelineVersion, data: { dataSet: DATA_SET, segment, partition: 0, fromOffset: segments, toOffset: segments, rows: rows.length, quarantined: 0, file, pipelineVersion, ...times } });
    return segment;
  }
  const row = (machine: string, load: number, site: string | null = 'north') => ({ machine, at: Date.UTC(2025, 0, 1), load, site, hot: load > 50 });

  it('refuses a pipeline whose checks cannot be measured', async () => {
    const broken = { ...definition, dataSets: definition.dataSets.slice(0, 1).map((dataSet) => ({ ...dataSet, segmentChecks: [check('mean', 'site', 0, 1), check('distinct', 'colour', 0, 1)] })) };
    const { body } = await service.call('checkValidationPart', { definition: broken }, { roles: ['service'] });
    expect(body).toMatchObject({ accepted: false, because: [{ passed: false, detail: 'mean(site) of default/wear needs a number, the column is a string' }, { passed: false, detail: 'distinct(colour) of default/wear names no column of the data set' }] });
  });

  it('judges a segment only when the version of the pipeline that made it is active', async () => {
    const verdicts = await kafka.collectEvents('millrace.validation.segment.accepted.v1', 'millrace.validation.segment.rejected.v1');
    const answers = await kafka.collectEvents('millrace.validation.pipeline-part.ready.v1');
    const early = await stage([row('m1', 20), row('m2', 40, 'south'), row('m3', 60)]);
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 1, definition, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
    await eventually(() => expect(answers()).toHaveLength(1), 20_000);
    await kafka.caughtUp('millrace.validation', 'millrace.ingestion.segment');
    expect(verdicts()).toEqual([]);
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } });
    await eventually(() => expect(verdicts()).toMatchObject([{ type: 'millrace.validation.segment.accepted.v1', data: { dataSet: DATA_SET, segment: early } }]), 20_000);
  }, 40_000);

  it('profiles every column of a segment that it accepts', async () => {
    const { body } = await service.call('listSegmentVerdicts', { project: 'default', name: 'wear', limit: 100 });
    const columns = body.verdicts[0]?.profile.columns as Profile['columns'];
    expect(columns['load']).toEqual<ColumnProfile>({ type: 'double', count: 3, nulls: 0, distinct: 3, min: 20, max: 60, mean: 40, stddev: 20, quantiles: [20, 22, 30, 40, 50, 58, 60] });
    expect(columns['site']).toEqual<ColumnProfile>({ type: 'string', count: 3, nulls: 0, distinct: 2, top: [{ value: 'north', count: 2 }, { value: 'south', count: 1 }] });
    expect(columns['hot']).toMatchObject({ distinct: 2, top: [{ value: 'false', count: 2 }, { value: 'true', count: 1 }] });
    expect(columns['at']).toMatchObject({ min: '2025-01-01T00:00:00.000Z', max: '2025-01-01T00:00:00.000Z' });
    expect(columns['_offset']).toBeUndefined();
    expect(body.verdicts[0]?.checks).toHaveLength(5);
  });

  it.each<[string, object[], string]>([
    ['too few rows', [row('m1', 20), row('m2', 40)], 'rows'],
    ['too many nulls', [row('m1', 20, null), row('m2', 40, null), row('m3', 60, 'south')], 'nullShare(site)'],
    ['a mean in another unit', [row('m1', 2000), row('m2', 4000), row('m3', 6000, 'south')], 'mean(load)'],
    ['the same record twice', [row('m1', 20), row('m1', 20), row('m3', 60, 'south')], 'duplicateShare(machine)'],
  ])('rejects a segment with %s, and names the check', async (_, rows, name) => {
    const rejected = await kafka.collectEvents('millrace.validation.segment.rejected.v1');
    const segment = await stage(rows);
    const verdict = await eventually(() => {
      const found = rejected().find((event) => (event.data as { segment: string }).segment === segment);
      expect(found).toBeDefined();
      return found;
    }, 20_000);
    expect((verdict?.data as unknown as { because: { check: string; passed: boolean }[] }).because.filter((finding) => !finding.passed).map((finding) => finding.check)).toContain(name);
  }, 30_000);

  it('judges a segment whose numbers overflow every sum', async () => {
    const verdicts = await kafka.collectEvents('millrace.validation.segment.accepted.v1', 'millrace.validation.segment.rejected.v1');
    const segment = await stage([row('m1', 1.7e308), row('m2', 1.7e308), row('m3', -1.7e308, 'south')]);
    await eventually(() => expect(verdicts().map((event) => (event.data as { segment: string }).segment)).toContain(segment), 20_000);
  }, 30_000);

  it('accepts a segment without rows, and one that breaks only warnings', async () => {
    const accepted = await kafka.collectEvents('millrace.validation.segment.accepted.v1');
    const [empty, warned] = [await stage([]), await stage([row('m1', 20), row('m2', 40), row('m3', 60)])];
    await eventually(() => expect(accepted().map((event) => (event.data as { segment: string }).segment)).toEqual(expect.arrayContaining([empty, warned])), 20_000);
    const { body } = await service.call('listSegmentVerdicts', { project: 'default', name: 'wear', limit: 100 });
    expect(body.verdicts.find((verdict) => verdict.segment === warned)?.checks).toContainEqual(expect.objectContaining({ check: 'distinct(site)', passed: false }));
  }, 30_000);
});
