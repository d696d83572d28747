import { eventually, testEnvironment, TestKafka, tokenFor, TraceCollector } from '@millrace/testing';
import type { CollectedSpan, TestEnvironment } from '@millrace/testing';
import { FixtureProcess } from './testing/fixture-process.js';
import { hold } from './testing/holds.js';

const topic = 'millrace.training.hold';
const producerSpan = 'b7ad6b7169203331';

describe('telemetry', () => {
  let collector: TraceCollector;
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let service: FixtureProcess;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    service = await FixtureProcess.start({
      ...environment.envOf('deployment', { MILLRACE_DEPLOYMENT_RETRY_TRIES: '2', MILLRACE_DEPLOYMENT_LOG_LEVEL: 'silent' }),
      MILLRACE_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'fixture',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
  }, 60_000);

  afterAll(async () => {
    await service.kill();
    await kafka.stop();
    collector.stop();
  });

  /** The spans of a trace with one name, once there are that many. */
  function spans(traceId: string, name: string, count: number): Promise<CollectedSpan[]> {
    return eventually(() => {
      const found = collector.of(traceId).filter((span) => span.name === name);
      expect(found).toHaveLength(count);
      return found;
    }, 20_000);
  }

  it("carries a cascade's trace from the producer of one event to the producer of the next", async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const emitted = await kafka.collectEvents('millrace.deployment.pipeline-part.ready.v1');
    const [sent] = await kafka.sendEvents({ ...hold('default/a', '1'), traceparent: `00-${traceId}-${producerSpan}-01` });
    const [processed] = await spans(traceId, `process ${topic}`, 1);
    expect(processed).toMatchObject({
      service: 'fixture', kind: 'consumer', parentId: producerSpan, isError: false, links: [],
      attributes: {
        'messaging.system': 'kafka', 'messaging.operation.name': 'process', 'messaging.operation.type': 'process', 'messaging.destination.name': topic, 'messaging.destination.partition.id': '0',
        'messaging.consumer.group.name': 'millrace.deployment', 'messaging.kafka.message.key': 'default/a', 'messaging.kafka.offset': 0, 'cloudevents.event_id': sent?.id,
      },
    });
    const [send] = await spans(traceId, 'send millrace.deployment.pipeline-part', 1);
    expect(send).toMatchObject({
      kind: 'producer', parentId: processed?.spanId,
      attributes: { 'messaging.system': 'kafka', 'messaging.operation.name': 'send', 'messaging.operation.type': 'send', 'messaging.destination.name': 'millrace.deployment.pipeline-part', 'messaging.kafka.message.key': 'default/a' },
    });
    await eventually(() => expect(emitted()[0]?.traceparent).toBe(`00-${traceId}-${send?.spanId}-01`));
  }, 60_000);

  it('keeps the trace through parking, dead letter and replay, and links the replay to the request that asked for it', async () => {
    const traceId = '1bf7651916cd43dd8448eb211c80319c';
    const recorded = await kafka.collectEvents('millrace.deployment.dead-letter.recorded.v1');
    await kafka.sendEvents({ ...hold('default/dead', '1', 'unknown-t'), traceparent: `00-${traceId}-${producerSpan}-01` });
    const [letter] = await eventually(() => {
      expect(recorded()).toHaveLength(1);
      return recorded();
    }, 20_000);
    expect(letter?.traceparent).toContain(traceId);
    const tries = await spans(traceId, `process ${topic}`, 2);
    expect(tries.map(({ attributes, isError }) => [attributes['millrace.attempt'], attributes['error.type'], isError])).toEqual([[1, 'incident-not-found', true], [2, 'incident-not-found', true]]);

    await environment.query(`insert into deployment.known_incidents values ('default/unknown-t')`);
    const askedBy = '2cf7651916cd43dd8448eb211c80319c';
    const headers = { authorization: `Bearer ${await tokenFor(environment, ['operator'])}`, traceparent: `00-${askedBy}-${producerSpan}-01` };
    expect((await fetch(`${service.url}/dead-letters/${letter?.subject}/replays`, { method: 'POST', headers })).status).toBe(202);
    const [, , replay] = await spans(traceId, `process ${topic}`, 3);
    expect(replay).toMatchObject({ isError: false, links: [{ traceId: askedBy }] });
    const [asked] = await eventually(() => {
      const servers = collector.of(askedBy).filter(({ kind }) => kind === 'server');
      expect(servers).toHaveLength(1);
      return servers;
    });
    expect(replay?.links[0]?.spanId).toBe(asked?.spanId);
    await spans(traceId, 'send millrace.deployment.pipeline-part', 1);
    await spans(askedBy, 'send millrace.deployment.dead-letter', 1);
  }, 60_000);

  it('keeps the traces of events apart that share a transaction, and tells an error with the one event that failed', async () => {
    const traceOf = (index: number): string => `${(index + 16).toString(16)}f7651916cd43dd8448eb211c80319c`;
    const many = Array.from({ length: 24 }, (_, index) => 20 + index);
    await kafka.sendEvents(...[4, 5, 6, 7].map((index) => ({ ...hold(`default/shared-${index}`, '1', index === 6 ? 'refused' : undefined), traceparent: `00-${traceOf(index)}-${producerSpan}-01` })));
    for (const index of [4, 5, 7]) {
      const [send] = await spans(traceOf(index), 'send millrace.deployment.pipeline-part', 1);
      const processed = collector.of(traceOf(index)).filter(({ name }) => name === `process ${topic}`);
      expect(processed.filter(({ isError, attributes }) => !isError && attributes['millrace.undone'] !== true).map(({ spanId }) => spanId)).toEqual([send?.parentId]);
      expect(processed.some(({ isError }) => isError)).toBe(false);
    }
    await kafka.sendEvents(...many.map((index) => ({ ...hold(`default/shared-${index}`, '1'), traceparent: `00-${traceOf(index)}-${producerSpan}-01` })));
    for (const index of many) {
      const [send] = await spans(traceOf(index), 'send millrace.deployment.pipeline-part', 1);
      expect(collector.of(traceOf(index)).some(({ name, parentId }) => name.startsWith('pg.query') && parentId === send?.parentId)).toBe(true);
    }
    await spans(traceOf(6), 'send millrace.deployment.dead-letter', 1);
    expect(collector.of(traceOf(6)).filter(({ isError }) => isError).map(({ attributes }) => attributes['error.type'])).toEqual(['invalid-request']);
  }, 60_000);

  it('names the trace in a problem document: that of the span, which is that of the caller', async () => {
    const traceId = '3df7651916cd43dd8448eb211c80319c';
    const authorization = `Bearer ${await tokenFor(environment, ['viewer'])}`;
    const response = await fetch(`${service.url}/routes/default/missing`, { headers: { authorization, traceparent: `00-${traceId}-${producerSpan}-01` } });
    expect(await response.json()).toMatchObject({ code: 'pipeline-not-found', traceId });
    const other = await (await fetch(`${service.url}/routes/default/missing`, { headers: { authorization, traceparent: 'nonsense' } })).json() as { traceId: string };
    await eventually(() => expect(collector.of(other.traceId).some(({ kind }) => kind === 'server')).toBe(true), 20_000);
  }, 30_000);
});
