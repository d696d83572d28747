import { jest } from '@jest/globals';
import { HASH_BYTES, appendLeaves, canonicalJson, emptyRange, leafHash, parseCheckpoint, parseEntryBundle, parseVerifierKey, rootOf, verifyCheckpointConsistency, verifyTlogProof } from '@millrace/merkle';
import type { LogPolicy } from '@millrace/merkle';
import type { AuditRecord } from '@millrace/contracts';
import { TestKafka, eventually, testService, tokenFor } from '@millrace/testing';
import type { GivenEvent, TestService } from '@millrace/testing';
import { createHash } from 'node:crypto';
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

function alert(pipeline: string): GivenEvent<'millrace.monitoring.alert.raised.v1'> {
  return {
    type: 'millrace.monitoring.alert.raised.v1',
    data: { pipeline, alert: 'default/al-1', incident: 'default/inc-1', kind: 'data-incident', severity: 'warning', recipient: 'anna', summary: 'Kilometres for miles', remedy: 'Mend the feed', because: [] },
  };
}

async function logged(pipeline: string, count: number): Promise<AuditRecord[]> {
  return eventually(async () => {
    const { body } = await service.call('listAuditEntries', { pipeline });
    expect(body.entries).toHaveLength(count);
    return body.entries;
  }, 20_000);
}

async function text(path: string): Promise<string> {
  return String((await service.request('GET', path)).body);
}

async function policy(): Promise<LogPolicy> {
  const { body } = await service.call('getAuditKey', {});
  return { origin: body.origin, logKeys: [parseVerifierKey(body.verifierKey)] };
}

async function bytes(path: string): Promise<Buffer> {
  const token = await tokenFor(service.environment, ['auditor']);
  const response = await fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

describe('the audit log', () => {
  it('holds every event with actor, cause and place on its topic, and proves each without a network', async () => {
    const [first, second] = await kafka.sendEvents(alert('default/proved'), { ...alert('default/proved'), actor: 'user:anna', causationId: 'request-1' });
    const entries = await logged('default/proved', 2);
    expect(entries.map(({ entry }) => entry.id)).toEqual([first?.id, second?.id]);
    expect(entries[1]?.entry).toMatchObject({ actor: 'user:anna', causation: 'request-1', topic: 'millrace.monitoring.alert', partition: 0 });
    for (const { index } of entries) {
      const { body } = await service.call('getAuditEntry', { index });
      expect(canonicalJson(body.entry)).toBe(body.leaf);
      expect(createHash('sha256').update(body.data).digest('hex')).toBe(body.entry.dataSha256);
      expect(verifyTlogProof(await text(`/audit/proofs/${index}`), Buffer.from(body.leaf), await policy())).toMatchObject({ valid: true, index });
    }
  });

  it('holds a record that is no event as well, so that no offset is missing', async () => {
    await kafka.createTopics(['millrace.registry.model-version']);
    await kafka.sendRecords('millrace.registry.model-version', [{ key: 'x', value: 'garbage' }, { key: 'x', value: null }]);
    await eventually(async () => {
      const { body } = await service.call('listAuditEntries', { type: 'unreadable' });
      expect(body.entries.map(({ entry }) => [entry.topic, entry.offset])).toEqual([['millrace.registry.model-version', 0], ['millrace.registry.model-version', 1]]);
    }, 20_000);
  });

  it('is signed within a second when it grew, and each checkpoint continues the one before', async () => {
    await kafka.sendEvents(alert('default/first'));
    await logged('default/first', 1);
    const older = await text('/audit/checkpoint?fresh=true');
    const { size } = parseCheckpoint(older);
    await kafka.sendEvents(alert('default/second'), alert('default/second'));
    const newer = await eventually(async () => {
      const checkpoint = await text('/audit/checkpoint');
      expect(parseCheckpoint(checkpoint).size).toBeGreaterThanOrEqual(size + 2);
      return checkpoint;
    }, 20_000);
    const { body } = await service.call('getAuditConsistency', { from: size, to: parseCheckpoint(newer).size });
    const proof = body.proof.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyCheckpointConsistency({ older, newer, proof }, await policy())).toMatchObject({ valid: true });
    expect(await text(`/audit/checkpoint?size=${size}`)).toBe(older);
  });

  it('can be checked whole from its entries, with the root that was signed', async () => {
    const { size, root } = parseCheckpoint(await text('/audit/checkpoint?fresh=true'));
    expect(size).toBeLessThan(256);
    const entries = parseEntryBundle(await bytes(`/audit/bundles/0?width=${size}`));
    expect(rootOf(appendLeaves(emptyRange(), entries.map(leafHash)).next)).toEqual(root);
    const tile = await bytes(`/audit/tiles/0/0?width=${size}`);
    expect(tile).toEqual(Buffer.concat(entries.map(leafHash)));
    expect(tile).toHaveLength(size * HASH_BYTES);
  });

  it('cannot be altered unseen: a changed entry no longer has a proof', async () => {
    await kafka.sendEvents(alert('default/altered'));
    const [record] = await logged('default/altered', 1);
    const { index } = record as AuditRecord;
    await service.environment.query(`update governance.audit_entries set leaf = replace(leaf, 'service:monitoring', 'user:nobody') where "index" = $1`, [index]);
    const { body } = await service.call('getAuditEntry', { index });
    expect(body.entry.actor).toBe('user:nobody');
    expect(verifyTlogProof(await text(`/audit/proofs/${index}`), Buffer.from(body.leaf), await policy())).toEqual({ valid: false, because: 'the proof does not lead to the root of the checkpoint' });
  });

  it('goes on after a restart where it stopped, with nothing lost and nothing twice', async () => {
    await kafka.sendEvents(alert('default/restarted'));
    await logged('default/restarted', 1);
    await service.stop();
    await kafka.sendEvents(alert('default/restarted'));
    service = await testService(GovernanceModule, { name: 'governance', environment: service.environment });
    await kafka.sendEvents(alert('default/restarted'));
    await logged('default/restarted', 3);
    const [{ entries, places, least, most }] = (await service.environment.query<Record<string, number>>(
      'select count(*)::int as entries, count(distinct (topic, "partition", "offset"))::int as places, min("index")::int as least, max("index")::int as most from governance.audit_entries',
    )) as [Record<string, number>];
    expect(places).toBe(entries);
    expect([least, most]).toEqual([0, (entries as number) - 1]);
  }, 60_000);

  it('rests when nothing happens: its own checkpoints are not part of it', async () => {
    await text('/audit/checkpoint?fresh=true');
    const { size } = parseCheckpoint(await text('/audit/checkpoint'));
    await kafka.caughtUp('millrace.governance.data.audit', 'millrace.monitoring.alert');
    expect(parseCheckpoint(await text('/audit/checkpoint?fresh=true')).size).toBe(size);
    const { body } = await service.call('listAuditEntries', { type: 'millrace.governance.checkpoint.published.v1' });
    expect(body.entries).toEqual([]);
  });

  it('is read in pages that follow each other', async () => {
    const whole = (await service.call('listAuditEntries', { limit: 1000 })).body.entries.map(({ index }) => index);
    const read: number[] = [];
    for (let after: number | null = -1; after !== null; ) {
      const { body }: { body: { entries: AuditRecord[]; next: number | null } } = await service.call('listAuditEntries', { after, limit: 2 });
      read.push(...body.entries.map(({ index }) => index));
      after = body.next;
    }
    expect(read).toEqual(whole);
  });

  it('is searched by actor, time, cascade and type', async () => {
    const correlationId = 'searched';
    const at = (hour: number) => `2026-05-01T0${hour}:00:00.000Z`;
    await kafka.sendEvents(...[1, 2, 3].map((hour) => ({ ...alert('default/searched'), id: `at-${hour}`, actor: hour === 2 ? 'user:anna' : 'user:ben', time: at(hour), correlationId })));
    await logged('default/searched', 3);
    const found = async (query: Parameters<typeof service.call<'listAuditEntries'>>[1]) => (await service.call('listAuditEntries', query)).body.entries.map(({ entry }) => entry.id);
    expect(await found({ actor: 'user:anna', correlation: correlationId })).toEqual(['at-2']);
    expect(await found({ from: at(2), to: at(3) })).toEqual(['at-2']);
    expect(await found({ correlation: correlationId, from: at(2) })).toEqual(['at-2', 'at-3']);
    expect(await found({ correlation: correlationId, to: at(2) })).toEqual(['at-1']);
    expect(await found({ correlation: correlationId, type: 'millrace.monitoring.alert.raised.v1' })).toHaveLength(3);
    expect(await found({ correlation: correlationId, modelVersion: 1 })).toEqual([]);
  });

  it('shows a caller the projects that the token is for', async () => {
    await kafka.sendEvents({ ...alert('retail/churn'), correlationId: 'retail-only' });
    const [record] = await logged('retail/churn', 1);
    const { index } = record as AuditRecord;
    const [retail, other] = [{ roles: ['viewer'], project: 'retail' }, { roles: ['viewer'], project: 'default' }];
    const { body } = await service.call('listAuditEntries', {}, retail);
    expect([...new Set(body.entries.map(({ entry }) => entry.project))]).toEqual(['retail']);
    expect((await service.call('getAuditEntry', { index }, retail)).status).toBe(200);
    expect((await service.call('getAuditEntry', { index }, other)).status).toBe(404);
    expect((await service.call('getCascade', { correlation: 'retail-only' }, retail)).status).toBe(200);
    expect((await service.call('getCascade', { correlation: 'retail-only' }, other)).status).toBe(404);
    expect((await service.call('listCascades', {}, other)).body.cascades.map(({ project }) => project)).not.toContain('retail');
    expect((await service.request('GET', '/audit/bundles/0?width=1', undefined, retail)).status).toBe(403);
    expect((await service.call('listAuditEntries', { project: 'default' }, retail)).status).toBe(403);
  });

  it('says what is wrong with a question that it cannot answer', async () => {
    expect(await service.request('GET', '/audit/entries/999999')).toMatchObject({ status: 404, body: { code: 'audit-entry-not-found' } });
    expect(await service.request('GET', '/audit/proofs/999999')).toMatchObject({ status: 404, body: { code: 'audit-entry-not-found' } });
    expect(await service.request('GET', '/audit/checkpoint?size=999999')).toMatchObject({ status: 404, body: { code: 'checkpoint-not-found' } });
    expect(await service.request('GET', '/audit/consistency?from=5&to=3')).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    expect(await service.request('GET', '/audit/entries?colour=red')).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    expect(await service.request('GET', '/audit/entries', undefined, { roles: ['producer'] })).toMatchObject({ status: 403, body: { code: 'role-required' } });
    expect(await service.request('GET', '/audit/entries', undefined, { roles: [] })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});
