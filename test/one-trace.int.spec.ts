import { eventually, testEnvironment, TestKafka, tokenFor, TraceCollector } from '@millrace/testing';
import type { CollectedSpan, GivenEvent, TestEnvironment } from '@millrace/testing';
import { parsePipeline } from '@millrace/decisions';
import { startFewServices } from './few-services/start-few-services.ts';
import type { FewServices } from './few-services/start-few-services.ts';

const pipeline = 'default/wear';
const source = `pipeline: wear
dataSets:
  readings: { key: id, eventTime: at, columns: { id: string, at: timestamp, load: double } }
  outcomes: { key: id, eventTime: at, knownAt: measured_at, columns: { id: string, at: timestamp, measured_at: timestamp, wear: double } }
predict: { dataSet: readings }
features: { load: { column: load } }
label: { dataSet: outcomes, column: wear, maturesAfter: 1d }
training: { command: [sh, train.sh], minimumMaturedRows: 500, labelDeadline: 20d }
evaluation: { holdOut: 2d, gates: { referenceLoss: 1 } }
rollout: { shadow: { margin: 1 } }
`;

/** A person asks the gateway for a training run; feature-store has no rows for it and refuses; training ends the run; governance logs all of it. */
describe('a trace', () => {
  let collector: TraceCollector;
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let services: FewServices;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    services = await startFewServices(environment, { MILLRACE_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' });
    const ready = await kafka.collectEvents('millrace.feature-store.pipeline-part.ready.v1', 'millrace.training.pipeline-part.ready.v1');
    const { pipeline: definition, errors } = parsePipeline(source);
    if (errors) throw new Error(JSON.stringify(errors));
    await kafka.sendEvents(
      ...['readings', 'outcomes'].map((name) => published(`default/${name}`, `${environment.objectStoreUrl}/${name}`)),
      { type: 'millrace.registry.pipeline.applied.v1', data: { pipeline, version: 1, definition, source, sha256: '0'.repeat(64), changes: [], previousVersion: null } },
      { type: 'millrace.registry.pipeline.activated.v1', data: { pipeline, version: 1, definition } },
    );
    await eventually(() => expect(ready()).toHaveLength(2), 60_000);
  }, 120_000);

  afterAll(async () => {
    services.stop();
    await kafka.stop();
    collector.stop();
  });

  it('shows a request through the gateway and all its hops over Kafka to the last effect', async () => {
    const ended = await kafka.collectEvents('millrace.training.run.failed.v1');
    const authorization = `Bearer ${await tokenFor(environment, ['scientist'], { subject: 'user:anna' })}`;
    await eventually(async () => {
      const answer = await fetch(`${services.gatewayUrl}/api/training/pipelines/${pipeline}/runs`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ reason: 'to see its trace' }) });
      expect({ status: answer.status, body: await answer.text() }).toMatchObject({ status: 202 });
    }, 30_000);
    const [failed] = await eventually(() => {
      expect(ended()).toHaveLength(1);
      return ended();
    }, 60_000);
    const traceId = failed?.traceparent?.split('-')[1] ?? '';
    await eventually(() => expect(tree(collector.of(traceId))).toEqual([
      'server POST /api/:service/*',
      '  server POST /pipelines/:project/:name/runs',
      '    producer send millrace.training.trigger',
      '    producer send millrace.training.run',
      '      consumer process millrace.training.run',
      '        producer send millrace.feature-store.training-set',
      '          consumer process millrace.feature-store.training-set',
      '            producer send millrace.training.run',
    ]), 30_000);
    const [gateway] = collector.of(traceId).filter(({ parentId }) => parentId === '');
    expect(gateway?.attributes).toMatchObject({ 'url.path': `/api/training/pipelines/${pipeline}/runs` });
  }, 120_000);

  it('is named by the problem that a request through the gateway ends with', async () => {
    const authorization = `Bearer ${await tokenFor(environment, ['scientist'])}`;
    const answer = await fetch(`${services.gatewayUrl}/api/training/pipelines/default/nothing/runs`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ reason: 'to see its trace' }) });
    const { code, traceId } = (await answer.json()) as { code: string; traceId: string };
    expect(code).toBe('pipeline-not-found');
    await eventually(() => expect(tree(collector.of(traceId))).toEqual(['server POST /api/:service/*', '  server POST /pipelines/:project/:name/runs']), 20_000);
  }, 60_000);
});

/** A version without rows of a table that is not there; known up to a time that no run asks for. */
function published(dataSet: string, tableUrl: string): GivenEvent<'millrace.ingestion.data-set.version-published.v1'> {
  const until = '2099-01-01T00:00:00.000Z';
  const data = { dataSet, version: 1, pipeline, kind: 'records' as const, tableUrl, rows: 0, totalRows: 0, rowsByDay: [], segments: [], removedSegments: [], minEventTime: null, maxEventTime: null, watermark: until, offsets: [] };
  return { type: 'millrace.ingestion.data-set.version-published.v1', data };
}

/** Requests and events of a trace below each other, as a person sees them. What they ask of Postgres is left out. */
function tree(spans: readonly CollectedSpan[], parentId?: string, depth = 0): string[] {
  const shown = spans.filter(({ kind }) => kind === 'server' || kind === 'producer' || kind === 'consumer');
  const ids = new Set(shown.map(({ spanId }) => spanId));
  return shown
    .filter((span) => (parentId === undefined ? !ids.has(span.parentId) : span.parentId === parentId))
    .flatMap((span) => [`${'  '.repeat(depth)}${span.kind} ${span.name}`, ...tree(shown, span.spanId, depth + 1)]);
}
