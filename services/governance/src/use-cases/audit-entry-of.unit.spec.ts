import { canonicalJson } from '@millrace/merkle';
import type { DataRecord } from '@millrace/runtime';
import { auditEntryOf } from './audit-entry-of.js';

const HEADERS = {
  ce_specversion: '1.0',
  ce_id: 'event-1',
  ce_type: 'millrace.training.run.requested.v1',
  ce_source: '/millrace/training',
  ce_subject: 'default/churn',
  ce_time: '2026-03-01T10:00:00.000Z',
  ce_project: 'default',
  ce_actor: 'user:anna',
  ce_correlationid: 'cascade-1',
};

function record(changes: Partial<DataRecord> = {}): DataRecord {
  const value = Buffer.from('{"pipeline":"default/churn","run":"default/run-1","modelVersion":3}');
  return { topic: 'millrace.training.run', partition: 2, offset: 41n, key: 'default/churn', value, headers: HEADERS, timestampMs: Date.parse('2026-03-01T10:00:01Z'), ...changes };
}

describe('an entry of the audit log', () => {
  it('holds the attributes of the event, its place on the topic and the digest of its bytes', () => {
    const { entry } = auditEntryOf(record());
    expect(entry).toEqual({
      id: 'event-1',
      type: 'millrace.training.run.requested.v1',
      source: '/millrace/training',
      subject: 'default/churn',
      time: '2026-03-01T10:00:00.000Z',
      project: 'default',
      actor: 'user:anna',
      correlation: 'cascade-1',
      causation: null,
      pipelineVersion: null,
      topic: 'millrace.training.run',
      partition: 2,
      offset: 41,
      dataSha256: 'b10c8aa13c7d20109f0ef3ca5158363349ebc8d57816dbd5cfbedd895c96a835',
    });
  });

  it('is under 2 kB and in canonical form, whatever the size of the event', () => {
    const long = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, 'x'.repeat(200)]));
    const { leaf } = auditEntryOf(record({ headers: { ...long, ce_time: HEADERS.ce_time, ce_causationid: 'y'.repeat(200) }, value: Buffer.alloc(100_000, 32) }));
    expect(Buffer.byteLength(leaf)).toBeLessThan(2_048);
    expect(leaf).toBe(canonicalJson(JSON.parse(leaf)));
  });

  it('can be found by what the data say that it is about', () => {
    expect(auditEntryOf(record()).facets).toEqual({ pipeline: 'default/churn', modelVersion: 3, run: 'default/run-1', incident: null, dataSet: null, segment: null });
  });

  it.each([
    ['without headers', { headers: {} }],
    ['without a correlation', { headers: { ...HEADERS, ce_correlationid: undefined as unknown as string } }],
    ['with a time that is none', { headers: { ...HEADERS, ce_time: 'yesterday' } }],
    ['with a pipeline version that is no number', { headers: { ...HEADERS, ce_pipelineversion: 'three' } }],
    ['with an attribute that is too long', { headers: { ...HEADERS, ce_actor: 'x'.repeat(201) } }],
    ['with a NUL in an attribute', { headers: { ...HEADERS, ce_subject: 'a\0b' } }],
  ])('is kept as unreadable for a record %s', (_name, changes) => {
    const { entry } = auditEntryOf(record(changes));
    expect(entry).toMatchObject({ id: 'millrace.training.run/2/41', type: 'unreadable', topic: 'millrace.training.run', partition: 2, offset: 41 });
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['a list', Buffer.from('[1]')],
    ['empty', null],
    ['of other types', Buffer.from('{"pipeline":7,"run":null,"modelVersion":1e99,"segment":"a\\u0000b"}')],
  ])('is found by its attributes alone when the data are %s', (_name, value) => {
    const { entry, facets } = auditEntryOf(record({ value }));
    expect(entry.type).toBe('millrace.training.run.requested.v1');
    expect(Object.values(facets)).toEqual([null, null, null, null, null, null]);
  });
});
