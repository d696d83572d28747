import { jest } from '@jest/globals';
import { TestKafka, eventually, testService } from '@millrace/testing';
import type { GivenEvent, TestService } from '@millrace/testing';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GovernanceModule } from './governance.module.js';

jest.setTimeout(60_000);

let service: TestService;
let kafka: TestKafka;
let featureStore: Server;
/** What stands where feature-store stands says of events that it could not handle. */
let deadLetters: { id: string; service: string; because: { code: string; detail: string } }[] = [];

beforeAll(async () => {
  featureStore = createServer((request, response) => response.end(JSON.stringify(request.url?.startsWith('/dead-letters?eventId=stuck-1&') ? { deadLetters } : { parkedEvents: [], deadLetters: [] })));
  await new Promise<void>((resolve) => featureStore.listen(0, '127.0.0.1', resolve));
  const urls = { 'feature-store': `http://127.0.0.1:${(featureStore.address() as AddressInfo).port}`, training: 'http://127.0.0.1:1' };
  const env = { MILLRACE_GOVERNANCE_STEP_TIME_MS: '1500', MILLRACE_GOVERNANCE_SERVICE_URLS: JSON.stringify(urls) };
  service = await testService(GovernanceModule, { name: 'governance', env });
  kafka = new TestKafka(service.environment);
}, 60_000);

afterAll(async () => {
  await kafka.stop();
  await service.stop();
  featureStore.closeAllConnections();
  featureStore.close();
});

function drift(pipeline: string): GivenEvent<'millrace.monitoring.drift.detected.v1'> {
  const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
  return { type: 'millrace.monitoring.drift.detected.v1', data: { pipeline, modelVersion: 1, incident: 'default/inc-1', diagnosis: 'covariate', changePoint: window.from, window, columns: [], because: [] } };
}

function requested(pipeline: string, run: string): GivenEvent<'millrace.training.run.requested.v1'> {
  return { type: 'millrace.training.run.requested.v1', data: { pipeline, run, trigger: 'default/tr-1', cause: 'drift', changePoint: null, asOf: '2026-03-02T00:00:00.000Z', excluded: [], champion: null } };
}

function refused(pipeline: string, run: string): GivenEvent<'millrace.feature-store.training-set.refused.v1'> {
  return { type: 'millrace.feature-store.training-set.refused.v1', data: { pipeline, run, because: [{ check: 'matured-rows', passed: false, measured: 10, bound: 500 }] } };
}

const reason = { code: 'object-store-unavailable', kind: 'unavailable', detail: 'The object store is away', cause: null };
const letterD = '0199a8f0-4b1e-7c3a-9d52-6f0e8b1a2c3d';
const letterX = '0199a8f0-4b1e-7c3a-9d52-6f0e8b1a2c3e';
const digest = '0'.repeat(64);

function failedRecord(eventId: string) {
  return { topic: 'millrace.training.run', partition: 0, offset: 7, key: 'default/dead', eventId, type: 'millrace.training.run.requested.v1' };
}

/** feature-store gives an event up. */
function recorded(deadLetter: string, eventId: string): GivenEvent<'millrace.feature-store.dead-letter.recorded.v1'> {
  const content = { headers: {}, value: '{}', valueEncoding: 'utf-8' as const, valueBytes: 2, valueSha256: digest };
  return { type: 'millrace.feature-store.dead-letter.recorded.v1', data: { deadLetter, service: 'feature-store', ...failedRecord(eventId), attempts: 12, because: reason, ...content } };
}

async function stateOf(correlation: string): Promise<string> {
  const { body } = await service.call('getCascade', { correlation });
  return body.state;
}

describe('a cascade', () => {
  it('is a graph of what made what, with the time of each hop', async () => {
    const correlationId = 'graph';
    const at = (second: number) => `2026-03-02T10:00:0${second}.000Z`;
    const [first] = await kafka.sendEvents({ ...drift('default/graph'), id: 'g1', correlationId, time: at(0) });
    await kafka.sendEvents({ ...requested('default/graph', 'default/run-g'), id: 'g2', correlationId, causationId: 'g1', time: at(1) });
    await kafka.sendEvents({ ...refused('default/graph', 'default/run-g'), id: 'g3', correlationId, causationId: 'g2', time: at(3) });
    const cascade = await eventually(async () => {
      const { status, body } = await service.call('getCascade', { correlation: correlationId });
      expect(status).toBe(200);
      expect(body.nodes).toHaveLength(3);
      return body;
    }, 20_000);
    expect(first?.id).toBe('g1');
    expect(cascade.nodes.map(({ id, sinceStartMs, hopMs }) => [id, sinceStartMs, hopMs])).toEqual([['g1', 0, null], ['g2', 1000, 1000], ['g3', 3000, 2000]]);
    expect(cascade.edges).toEqual([{ from: 'g1', to: 'g2', kind: 'causation' }, { from: 'g2', to: 'g3', kind: 'causation' }]);
    expect(cascade).toMatchObject({ pipeline: 'default/graph', project: 'default', state: 'resting', awaited: [] });
    expect(cascade.nodes[2]?.summary).toBe('matured-rows 10, bound 500');
  });

  it('shows the events of another cascade that it came from', async () => {
    await kafka.sendEvents({ ...drift('default/joined'), id: 'j1', correlationId: 'joined-data' });
    await kafka.sendEvents({ ...drift('default/joined'), id: 'j2', correlationId: 'joined', causationId: 'j1' });
    await eventually(async () => {
      const { body } = await service.call('getCascade', { correlation: 'joined' });
      expect(body.nodes.map(({ id, correlation }) => [id, correlation])).toEqual([['j1', 'joined-data'], ['j2', 'joined']]);
      expect(body.edges).toEqual([{ from: 'j1', to: 'j2', kind: 'causation' }]);
    }, 20_000);
  });

  it('that does not go on in time is reported once, with what should have come and what became of it', async () => {
    const stalled = await kafka.collectEvents('millrace.governance.cascade.stalled.v1');
    deadLetters = [{ id: 'letter-1', service: 'feature-store', because: { code: 'object-store-unavailable', detail: 'The object store is away' } }];
    const [sent] = await kafka.sendEvents({ ...requested('default/stuck', 'default/run-s'), id: 'stuck-1', correlationId: 'stuck' });
    const [event] = await eventually(() => {
      const events = stalled().filter(({ correlationId }) => correlationId === 'stuck');
      expect(events).toHaveLength(1);
      return events;
    }, 20_000);
    expect(event).toMatchObject({
      causationId: sent?.id,
      subject: 'default/stuck',
      data: {
        correlation: 'stuck',
        lastEvent: { id: sent?.id, type: 'millrace.training.run.requested.v1' },
        because: [
          { check: 'step-in-time', passed: false, bound: 1500 },
          { check: 'dead-letter', passed: false, detail: 'feature-store gave up (dead letter letter-1): The object store is away' },
          { check: 'service-answers', passed: false, detail: 'training does not answer' },
        ],
      },
    });
    await eventually(async () => expect(await stateOf('stuck')).toBe('stalled'), 20_000);
    await kafka.sendEvents({ ...refused('default/stuck', 'default/run-s'), correlationId: 'stuck' });
    await eventually(async () => expect(await stateOf('stuck')).toBe('resting'), 20_000);
    expect(stalled().filter(({ correlationId }) => correlationId === 'stuck')).toHaveLength(1);
  });

  it('that waits on a dead letter is stalled at once, with the letter and its reason, and moves again after the replay', async () => {
    const stalled = await kafka.collectEvents('millrace.governance.cascade.stalled.v1');
    const correlationId = 'dead';
    await kafka.sendEvents({ ...requested('default/dead', 'default/run-d'), id: 'dead-1', correlationId });
    const reports = () => stalled().filter((event) => event.correlationId === correlationId);
    await kafka.sendEvents({ ...recorded(letterD, 'dead-1'), correlationId, time: '2026-03-02T00:00:01.000Z' });
    const [report] = await eventually(() => {
      expect(reports()).toHaveLength(1);
      return reports();
    }, 20_000);
    expect(report).toMatchObject({
      causationId: 'dead-1',
      data: { pipeline: 'default/dead', lastEvent: { id: 'dead-1', type: 'millrace.training.run.requested.v1' }, deadLetter: { service: 'feature-store', id: letterD }, because: [{ check: 'dead-letter', passed: false, detail: `feature-store gave up (dead letter ${letterD}): The object store is away` }] },
    });
    expect(await stateOf(correlationId)).toBe('stalled');
    const about = { deadLetter: letterD, service: 'feature-store', ...failedRecord('dead-1'), valueSha256: digest };
    await kafka.sendEvents({ type: 'millrace.feature-store.dead-letter.replayed.v1', data: { ...about, reason: 'It is back', mended: false }, actor: 'user:anna', correlationId, time: '2026-03-02T00:00:02.000Z' });
    await eventually(async () => expect(await stateOf(correlationId)).toBe('moving'), 20_000);
    // The letter's first word again, as at-least-once delivery may bring it.
    await kafka.sendEvents({ ...recorded(letterD, 'dead-1'), correlationId, time: '2026-03-02T00:00:01.000Z' });
    await kafka.sendEvents({ ...refused('default/dead', 'default/run-d'), correlationId });
    await eventually(async () => expect(await stateOf(correlationId)).toBe('resting'), 20_000);
    const { body } = await service.call('getCascade', { correlation: correlationId });
    expect(body.deadLetters).toEqual([expect.objectContaining({ deadLetter: letterD, service: 'feature-store', event: 'dead-1', state: 'replayed', by: 'user:anna', reason: 'It is back', detail: 'The object store is away' })]);
    expect(body.nodes.map(({ summary }) => summary)).toEqual(expect.arrayContaining(['feature-store gave up: The object store is away', 'feature-store tries again (It is back)']));
    expect(reports()).toHaveLength(1);
  });

  it('whose dead letter failed again is stalled again, and rests when the letter was dropped, which it says', async () => {
    const stalled = await kafka.collectEvents('millrace.governance.cascade.stalled.v1');
    const correlationId = 'dropped';
    await kafka.sendEvents({ ...requested('default/dropped', 'default/run-x'), id: 'drop-1', correlationId });
    await kafka.sendEvents({ ...recorded(letterX, 'drop-1'), correlationId, time: '2026-03-02T00:00:01.000Z' });
    const about = { deadLetter: letterX, service: 'feature-store', ...failedRecord('drop-1'), valueSha256: digest };
    await kafka.sendEvents({ type: 'millrace.feature-store.dead-letter.replayed.v1', data: { ...about, reason: null, mended: false }, correlationId, time: '2026-03-02T00:00:02.000Z' });
    await kafka.sendEvents({ ...recorded(letterX, 'drop-1'), correlationId, time: '2026-03-02T00:00:03.000Z' });
    await eventually(() => expect(stalled().filter((event) => event.correlationId === correlationId)).toHaveLength(2), 20_000);
    expect(await stateOf(correlationId)).toBe('stalled');
    await kafka.sendEvents({ type: 'millrace.feature-store.dead-letter.dropped.v1', data: { ...about, reason: 'A test run', because: reason }, actor: 'user:anna', correlationId, time: '2026-03-02T00:00:04.000Z' });
    await eventually(async () => expect(await stateOf(correlationId)).toBe('resting'), 20_000);
    const { body } = await service.call('getCascade', { correlation: correlationId });
    expect(body.deadLetters).toEqual([expect.objectContaining({ state: 'dropped', by: 'user:anna', reason: 'A test run' })]);
  });

  it('is not stalled when the answer was read before the question', async () => {
    await kafka.sendEvents({ ...refused('default/early', 'default/run-e'), correlationId: 'early' });
    await eventually(async () => expect(await stateOf('early')).toBe('resting'), 20_000);
    await kafka.sendEvents({ ...requested('default/early', 'default/run-e'), correlationId: 'early' });
    await eventually(async () => {
      const { body } = await service.call('getCascade', { correlation: 'early' });
      expect(body.nodes).toHaveLength(2);
      expect(body.state).toBe('resting');
    }, 20_000);
  });

  it('is listed with the latest first, by pipeline, state and what it contains', async () => {
    await kafka.sendEvents({ ...drift('default/listed'), correlationId: 'listed-1', time: '2026-04-01T00:00:00.000Z' }, { ...drift('default/listed'), correlationId: 'listed-2', time: '2026-04-02T00:00:00.000Z' });
    await kafka.sendEvents({ ...requested('default/listed', 'default/run-l'), correlationId: 'listed-2', time: '2026-04-02T00:00:01.000Z' });
    await eventually(async () => {
      const { body } = await service.call('listCascades', { pipeline: 'default/listed' });
      expect(body.cascades.map(({ correlation, events }) => [correlation, events])).toEqual([['listed-2', 2], ['listed-1', 1]]);
      expect(body.cascades[0]).toMatchObject({ firstType: 'millrace.monitoring.drift.detected.v1', lastType: 'millrace.training.run.requested.v1' });
    }, 20_000);
    const published = { dataSet: 'default/listed', segment: 'default/seg-l', checks: [], profile: { rows: 1, columns: {} } };
    await kafka.sendEvents({ type: 'millrace.validation.segment.accepted.v1', data: published, correlationId: 'listed-data' });
    await eventually(async () => {
      const { body } = await service.call('listCascades', { kind: 'data' });
      expect(body.cascades.map(({ correlation, decides }) => [correlation, decides])).toEqual([['listed-data', false]]);
    }, 20_000);
    const decisions = await service.call('listCascades', { kind: 'decisions' });
    expect(decisions.body.cascades.map(({ correlation }) => correlation)).toEqual(expect.arrayContaining(['listed-1', 'listed-2']));
    expect(decisions.body.cascades.map(({ correlation }) => correlation)).not.toContain('listed-data');
    const resting = await service.call('listCascades', { pipeline: 'default/listed', state: 'resting' });
    expect(resting.body.cascades.map(({ correlation }) => correlation)).toEqual(['listed-1']);
    const training = await service.call('listCascades', { pipeline: 'default/listed', contains: 'millrace.training.run.requested.v1' });
    expect(training.body.cascades.map(({ correlation }) => correlation)).toEqual(['listed-2']);
  });

  it('that nobody has seen is not found', async () => {
    expect(await service.request('GET', '/cascades/nothing')).toMatchObject({ status: 404, body: { code: 'cascade-not-found' } });
  });
});
