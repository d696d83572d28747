import { createHash } from 'node:crypto';
import { treeRoot } from './check-audit-log.ts';
import type { AuditEntry, Facts, ServiceFacts, TopicRecord } from './facts.ts';
import { judge } from './judge.ts';

const requested = 'millrace.training.run.requested.v1';
const rejected = 'millrace.registry.model-version.rejected.v1';
const predictionTopic = 'millrace.data.default.p.predictions';

function event(topic: string, offset: number, id: string, type: string, data: object, causation?: string): TopicRecord {
  const headers = { ce_id: id, ce_type: type, ...(causation === undefined ? {} : { ce_causationid: causation }) };
  return { topic, partition: 0, offset, key: 'default/p', value: Buffer.from(JSON.stringify(data)), headers };
}

function entryOf({ topic, partition, offset, value, headers }: TopicRecord, index: number): AuditEntry {
  const dataSha256 = createHash('sha256').update(value ?? '').digest('hex');
  return { index, leaf: JSON.stringify({ id: headers['ce_id'], topic, partition, offset, dataSha256 }), eventId: headers['ce_id'] ?? '', topic, partition, offset };
}

function auditOf(events: readonly TopicRecord[]): Facts['audit'] {
  const entries = events.map(entryOf);
  return { entries, size: entries.length, rootHex: treeRoot(entries.map(({ leaf }) => leaf)).toString('hex') };
}

const service = (facts: Partial<ServiceFacts>): ServiceFacts => ({ outbox: [], inbox: [], parked: [], deadLetters: [], ...facts });
const sent = (position: number, id: string, topic: string, type: string): ServiceFacts['outbox'][number] => ({ position, id, topic, key: 'default/p', type, isSent: true });

/** Two runs were asked for and refused; a data set has two records, of which one is in quarantine; two predictions were answered. */
function sound(): Facts {
  const [runs, versions] = ['millrace.training.run', 'millrace.registry.model-version'];
  const events = [
    event(versions, 0, 'v1', rejected, { pipeline: 'default/p', modelVersion: 1, run: 'r1' }, 'c1'),
    event(versions, 1, 'v2', rejected, { pipeline: 'default/p', modelVersion: 2, run: 'r2' }, 'c2'),
    event(runs, 0, 'e1', requested, { pipeline: 'default/p', run: 'r1', excluded: [] }, 'request-1'),
    event(runs, 1, 'e2', requested, { pipeline: 'default/p', run: 'r2', excluded: [] }, 'request-2'),
    event(runs, 2, 'e1', requested, { pipeline: 'default/p', run: 'r1', excluded: [] }, 'request-1'),
  ];
  const record = (topic: string, offset: number, key: string, data: object): TopicRecord => ({ topic, partition: 0, offset, key, value: Buffer.from(JSON.stringify(data)), headers: {} });
  return {
    events,
    records: [
      record('millrace.data.default.x', 0, 'a', {}), record('millrace.data.default.x', 1, 'b', {}),
      record(predictionTopic, 0, 'a', { prediction_id: 'p1', process: 'i', sequence: 1 }), record(predictionTopic, 1, 'b', { prediction_id: 'p3', process: 'i', sequence: 3 }),
    ],
    services: {
      training: service({ outbox: [sent(1, 'e1', runs, requested), sent(2, 'e2', runs, requested)], inbox: ['v1', 'v2'] }),
      registry: service({ outbox: [sent(1, 'v1', versions, rejected), sent(2, 'v2', versions, rejected)] }),
      'feature-store': service({ inbox: ['e1', 'e2'] }),
    },
    audit: auditOf(events),
    dataSets: [
      { dataSet: 'default/x', topic: 'millrace.data.default.x', published: [{ partition: 0, offset: 0 }], quarantined: [{ partition: 0, offset: 1, code: 'wrong-type' }] },
      { dataSet: 'default/p.predictions', topic: predictionTopic, published: [{ partition: 0, offset: 0 }, { partition: 0, offset: 1 }], quarantined: [] },
    ],
    promises: {
      records: new Map([['default/x', ['a', 'b']]]),
      predictions: [{ dataSet: 'default/p.predictions', predictionId: 'p1', durable: true }, { dataSet: 'default/p.predictions', predictionId: 'p2', durable: false }],
      requests: [{ key: 'request-1', what: 'a run', answers: ['yes', 'yes'], makes: requested }],
      inferenceDied: false,
      surprises: [],
    },
  };
}

const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, place) => place !== index);

/** What a fault may do, and the check that must see it. */
const harms: [what: string, checks: string[], harm: (facts: Facts) => Facts][] = [
  ['an event that never reached its topic', ['every-cascade-ends', 'nothing-lost'], (facts) => ({ ...facts, events: without(facts.events, 1), audit: auditOf(without(facts.events, 1)), services: { ...facts.services, training: service({ ...facts.services['training'], inbox: ['v1'] }) } })],
  ['an event that nobody noted', ['nothing-made-up'], (facts) => ({ ...facts, services: { ...facts.services, registry: service({ outbox: facts.services['registry']?.outbox.slice(0, 1) ?? [] }) } })],
  ['an event that waits in the outbox', ['outbox-drained'], (facts) => ({ ...facts, services: { ...facts.services, registry: service({ outbox: facts.services['registry']?.outbox.map((entry) => ({ ...entry, isSent: entry.position < 2 })) ?? [] }) } })],
  ['a copy that is not equal', ['copies-are-equal'], (facts) => {
    const events = facts.events.map((record, index) => (index === 4 ? { ...record, value: Buffer.from('{"run":"r1","pipeline":"other","excluded":[]}') } : record));
    return { ...facts, events, audit: auditOf(events) };
  }],
  ['two events of a key in the wrong order', ['order-per-key'], (facts) => ({ ...facts, services: { ...facts.services, registry: service({ outbox: facts.services['registry']?.outbox.map((entry) => ({ ...entry, position: 3 - entry.position })) ?? [] }) } })],
  ['an event that a consumer has not handled', ['every-event-handled'], (facts) => ({ ...facts, services: { ...facts.services, 'feature-store': service({ inbox: ['e1'] }) } })],
  ['an event that is still parked', ['nothing-parked'], (facts) => ({ ...facts, services: { ...facts.services, training: service({ ...facts.services['training'], parked: [{ eventId: 'x', type: rejected, because: 'later' }] }) } })],
  ['a dead letter', ['no-dead-letter'], (facts) => ({ ...facts, services: { ...facts.services, 'feature-store': service({ inbox: ['e1'], deadLetters: [{ id: 'd', eventId: 'e2', type: requested, because: 'broken' }] }) } })],
  ['an effect that came twice', ['no-effect-twice', 'one-effect'], (facts) => {
    const twice = event('millrace.training.run', 3, 'e3', requested, { pipeline: 'default/p', run: 'r1', excluded: [] }, 'request-1');
    const events = [...facts.events, twice];
    const training = service({ ...facts.services['training'], outbox: [...(facts.services['training']?.outbox ?? []), sent(3, 'e3', 'millrace.training.run', requested)] });
    return { ...facts, events, audit: auditOf(events), services: { ...facts.services, training, 'feature-store': service({ inbox: ['e1', 'e2', 'e3'] }) } };
  }],
  ['an offset that is not in the audit log', ['audit-has-no-gap'], (facts) => ({ ...facts, audit: auditOf(without(facts.events, 2)) })],
  ['an offset that is twice in the audit log', ['audit-has-no-double'], (facts) => ({ ...facts, audit: auditOf([...facts.events, ...facts.events.slice(0, 1)]) })],
  ['an entry that says something else', ['audit-says-the-truth', 'audit-verifies'], (facts) => ({ ...facts, audit: { ...facts.audit, entries: facts.audit.entries.map((entry, index) => (index === 1 ? { ...entry, leaf: entry.leaf.replace(/"dataSha256":"./, '"dataSha256":"z') } : entry)) } })],
  ['an entry that was removed', ['audit-has-no-gap', 'audit-verifies'], (facts) => ({ ...facts, audit: { ...facts.audit, entries: without(facts.audit.entries, 3) } })],
  ['a record that is nowhere', ['no-record-lost'], (facts) => ({ ...facts, dataSets: facts.dataSets.map((set) => ({ ...set, quarantined: [] })) })],
  ['a record that is published twice', ['no-record-twice'], (facts) => ({ ...facts, dataSets: facts.dataSets.map((set) => ({ ...set, published: [...set.published, ...set.published.slice(0, 1)] })) })],
  ['a record that was acknowledged and is on no topic', ['acknowledged-is-kept'], (facts) => ({ ...facts, promises: { ...facts.promises, records: new Map([['default/x', ['a', 'b', 'c']]]) } })],
  ['a durable prediction that is not in the log', ['durable-predictions-are-logged'], (facts) => ({ ...facts, promises: { ...facts.promises, predictions: [{ dataSet: 'default/p.predictions', predictionId: 'p2', durable: true }] } })],
  ['more predictions lost than the numbers show', ['loss-is-counted'], (facts) => ({ ...facts, promises: { ...facts.promises, predictions: ['p2', 'p4'].map((predictionId) => ({ dataSet: 'default/p.predictions', predictionId, durable: false })) } })],
  ['a run without an end', ['every-cascade-ends'], (facts) => {
    const events = facts.events.map((record) => (record.headers['ce_id'] === 'v2' ? { ...record, value: Buffer.from('{"run":"r9"}') } : record));
    return { ...facts, events, audit: auditOf(events) };
  }],
  ['a run that failed because something was away', ['no-fault-is-a-verdict'], (facts) => {
    const failed = event('millrace.training.run', 3, 'f1', 'millrace.training.run.failed.v1', { pipeline: 'default/p', run: 'r2', because: [{ check: 'training-set-build', detail: 'Cannot open file' }] }, 'e2');
    const events = [...facts.events, failed];
    const training = service({ ...facts.services['training'], outbox: [...(facts.services['training']?.outbox ?? []), sent(3, 'f1', 'millrace.training.run', 'millrace.training.run.failed.v1')] });
    return { ...facts, events, audit: auditOf(events), services: { ...facts.services, training } };
  }],
  ['a run that was cancelled for no incident', ['cancelled-for-an-incident'], (facts) => {
    const cancelled = event('millrace.training.run', 3, 'x1', 'millrace.training.run.cancelled.v1', { pipeline: 'default/p', run: 'r2', incident: 'default/inc-1' }, 'e2');
    const events = [...facts.events, cancelled];
    const training = service({ ...facts.services['training'], outbox: [...(facts.services['training']?.outbox ?? []), sent(3, 'x1', 'millrace.training.run', 'millrace.training.run.cancelled.v1')] });
    const registry = service({ ...facts.services['registry'], inbox: ['x1'] });
    return { ...facts, events, audit: auditOf(events), services: { ...facts.services, training, registry } };
  }],
  ['a request with two answers', ['one-answer'], (facts) => ({ ...facts, promises: { ...facts.promises, requests: [{ key: 'request-1', what: 'a run', answers: ['yes', 'no'], makes: requested }] } })],
  ['a request without its effect', ['one-effect'], (facts) => ({ ...facts, promises: { ...facts.promises, requests: [{ key: 'request-9', what: 'a run', answers: ['yes'], makes: requested }] } })],
  ['an answer that nobody should get', ['answers-are-as-they-should'], (facts) => ({ ...facts, promises: { ...facts.promises, surprises: ['a run was answered 409'] } })],
];

describe('the checker of fault campaigns', () => {
  it('finds nothing where everything is as it must be: also an event that was sent twice, a quarantined record, a lost best-effort prediction that shows', () => {
    expect(judge(sound())).toEqual([]);
  });

  it.each(harms)('reports %s, and nothing else', (_, checks, harm) => {
    expect([...new Set(judge(harm(sound())).map(({ check }) => check))].sort()).toEqual([...checks].sort());
  });

  it('computes the root of RFC 6962 trees as its authors do', () => {
    expect(treeRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(treeRoot(['']).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });
});
