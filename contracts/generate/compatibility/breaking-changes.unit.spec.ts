import type { JsonSchema } from '../json-schema.ts';
import { breakingChanges } from './breaking-changes.ts';
import type { Release } from './release.ts';

const type = 'millrace.registry.model-version.approved.v1';
const data: JsonSchema = {
  type: 'object',
  required: ['pipeline', 'score'],
  properties: {
    pipeline: { type: 'string', pattern: '^[a-z]+$' },
    score: { type: 'number', minimum: 0, maximum: 1 },
    stage: { type: 'string', enum: ['shadow', 'canary'] },
    note: { type: 'string', minLength: 1, maxLength: 200 },
    steps: { type: 'array', minItems: 1, items: { type: 'integer' } },
    by: { anyOf: [{ $ref: '#/$defs/Person' }, { type: 'null' }] },
    limits: { type: 'object', additionalProperties: { type: 'number' } },
  },
};
const released: Release = {
  events: { [type]: { topic: 'millrace.registry.model-version', key: 'pipeline', dataTitle: 'Approved', retention: 'delete' } },
  operations: {
    approve: {
      service: 'registry', method: 'POST', path: '/versions/{id}/approvals', roles: ['operator', 'approver'], status: 201, accepts: 'application/json', produces: 'application/json', maxBodyBytes: null,
      inputTitle: 'ApproveInput', outputTitle: 'Approval', pathTypes: { id: 'string' }, queryTypes: { dryRun: 'boolean' },
    },
  },
  dataTopics: { 'millrace.data.{project}.{dataSet}.accepted': { open: ['read'], retention: 'delete', messages: ['AcceptedRecord'] } },
  settings: { registry: { title: 'RegistrySettings', env: { poolSize: ['MILLRACE_REGISTRY_POOL_SIZE', 'MILLRACE_POOL_SIZE'] } } },
  errors: { 'second-person-required': { kind: 'forbidden', status: 403 } },
  definitions: {
    Approved: data,
    Person: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    ApproveInput: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, dryRun: { type: 'boolean' }, note: { type: 'string', maxLength: 500 } } },
    Approval: { type: 'object', required: ['id', 'state'], properties: { id: { type: 'string' }, state: { enum: ['open', 'done'] }, by: { type: 'string' } } },
    RegistrySettings: { type: 'object', properties: { poolSize: { type: 'integer', minimum: 1, default: 4 } }, required: [] },
  },
};

/** What is said of the released contracts after one change to a copy of them. */
function after(change: (next: Release) => void): string[] {
  const next = structuredClone(released);
  change(next);
  return breakingChanges(released, next);
}

function afterField(name: string, schema: JsonSchema): string[] {
  return after(({ definitions }) => void (definitions['Approved'] = { ...data, properties: { ...data.properties, [name]: schema } }));
}

describe('a change of an event', () => {
  it('is let through when both older and newer readers take it: a field that may be absent, a new event, other words', () => {
    expect(afterField('more', { type: 'object', properties: { depth: { type: 'integer' } } })).toEqual([]);
    expect(after(({ events, definitions }) => {
      events['millrace.registry.model-version.parked.v1'] = { topic: 'millrace.registry.model-version', key: 'pipeline', dataTitle: 'Parked', retention: 'delete' };
      definitions['Parked'] = { type: 'object' };
    })).toEqual([]);
    expect(after(({ definitions }) => {
      definitions['Approver'] = { description: 'Renamed', ...definitions['Person'] };
      definitions['Approved'] = { ...data, properties: { ...data.properties, by: { anyOf: [{ $ref: '#/$defs/Approver' }, { type: 'null' }] } } };
    })).toEqual([]);
  });

  it.each<[string, (next: Release) => void, string[]]>([
    ['is gone', ({ events }) => void delete events[type], [`${type} was released and is gone: keep it beside the new one until nobody reads or writes it`]],
    ['moved', ({ events }) => void Object.assign(events[type] as object, { topic: 'millrace.registry.version', key: 'version', retention: 'compact' }), [
      `${type} was released with the topic millrace.registry.model-version, now it is millrace.registry.version`,
      `${type} was released with the key pipeline, now it is version`,
      `${type} was released with the retention delete, now it is compact`,
    ]],
    ['asks for a field', ({ definitions }) => void (definitions['Approved'] = { ...data, required: ['pipeline', 'score', 'note'] }), [`${type}.note is newly required, which events written before may not have`]],
    ['no longer asks for a field', ({ definitions }) => void (definitions['Approved'] = { ...data, required: ['pipeline'] }), [`${type}.score may be absent, which older readers refuse`]],
    ['refuses other fields', ({ definitions }) => void (definitions['Approved'] = { ...data, properties: { pipeline: data.properties?.['pipeline'] ?? {}, score: {} }, additionalProperties: false }), [
      expect.stringMatching(/no longer allows the field stage/), expect.stringMatching(/no longer allows the field note/), expect.stringMatching(/the field steps/), expect.stringMatching(/the field by/), expect.stringMatching(/the field limits/),
      expect.stringMatching(/score allows the type null/), expect.stringMatching(/score allows the type boolean/), expect.stringMatching(/score allows numbers below 0/), expect.stringMatching(/score allows numbers above 1/), expect.stringMatching(/score allows the type string/),
      expect.stringMatching(/score allows the type array/), expect.stringMatching(/score allows the type object/), expect.stringMatching(/stage was removed/), expect.stringMatching(/note was removed/), expect.stringMatching(/steps was removed/), expect.stringMatching(/by was removed/), expect.stringMatching(/limits was removed/),
    ] as string[]],
  ])('that %s is refused', (_, change, sentences) => expect(after(change)).toEqual(sentences));

  it.each<[string, string, JsonSchema, string[]]>([
    ['has another type', 'note', { type: 'integer' }, ['note no longer allows the type string, which events written before may have', 'note allows the type integer, which older readers refuse']],
    ['has a wider type', 'note', { type: ['string', 'null'], minLength: 1, maxLength: 200 }, ['note allows the type null, which older readers refuse']],
    ['has a narrower type', 'score', { type: 'integer', minimum: 0, maximum: 1 }, ['score no longer allows the type number, which events written before may have']],
    ['has one more value', 'stage', { type: 'string', enum: ['shadow', 'canary', 'bake'] }, ['stage allows the value "bake", which older readers refuse']],
    ['has one value less', 'stage', { const: 'shadow' }, ['stage no longer allows the value "canary", which events written before may have']],
    ['is any text now', 'stage', { type: 'string' }, ['stage allows a string that is not one of "shadow", "canary", which older readers refuse']],
    ['has another pattern', 'pipeline', { type: 'string', pattern: '^[a-z-]+$' }, ['pipeline no longer allows text that does not match ^[a-z-]+$, which events written before may have', 'pipeline allows text that does not match ^[a-z]+$, which older readers refuse']],
    ['has a format', 'note', { type: 'string', minLength: 1, maxLength: 200, format: 'uri' }, ['note no longer allows text that is no uri, which events written before may have']],
    ['has other limits', 'score', { type: 'number', minimum: 0.1, maximum: 2 }, ['score no longer allows numbers below 0.1, which events written before may have', 'score allows numbers above 1, which older readers refuse']],
    ['has other lengths', 'note', { type: 'string', maxLength: 100 }, ['note no longer allows texts of more than 100 characters, which events written before may have', 'note allows texts of less than 1 characters, which older readers refuse']],
    ['has other counts', 'steps', { type: 'array', maxItems: 9, items: { type: 'integer' } }, ['steps no longer allows lists of more than 9 elements, which events written before may have', 'steps allows lists of less than 1 elements, which older readers refuse']],
    ['has other elements', 'steps', { type: 'array', minItems: 1, items: { type: 'number' } }, ['steps[] allows the type number, which older readers refuse']],
    ['has other values by name', 'limits', { type: 'object', additionalProperties: { type: 'integer' } }, ['limits{} no longer allows the type number, which events written before may have']],
    ['lost an alternative', 'by', { $ref: '#/$defs/Person' }, ['by no longer allows the type null, which events written before may have']],
    ['has a rule that cannot be judged', 'note', { type: 'string', minLength: 1, maxLength: 200, not: { const: 'no' } }, ['note no longer allows what "not" may refuse, which this check cannot judge, which events written before may have']],
  ])('whose field %s is refused', (_, name, schema, sentences) => expect(afterField(name, schema)).toEqual(sentences.map((sentence) => `${type}.${sentence}`)));

  it('is found in a shape that several events share, and in a shape that contains itself', () => {
    const sentences = after(({ definitions }) => void (definitions['Person'] = { type: 'object', required: ['name', 'mail'], properties: { name: { type: 'string' }, mail: { type: 'string' } } }));
    expect(sentences).toEqual([`${type}.by.mail is newly required, which events written before may not have`]);
    const nested = structuredClone(released);
    nested.definitions['Person'] = { type: 'object', required: ['name'], properties: { name: { type: 'string' }, manager: { $ref: '#/$defs/Person' } } };
    expect(breakingChanges(nested, structuredClone(nested))).toEqual([]);
    expect(breakingChanges(nested, released)).toEqual([`${type}.by.manager was removed, which older readers may use`]);
  });
});

describe('a change of a data topic', () => {
  const address = 'millrace.data.{project}.{dataSet}.accepted';

  it('is refused when other programs can no longer read or write as they did', () => {
    expect(after(({ dataTopics }) => void delete dataTopics[address])).toEqual([`topic ${address} was open to other programs and is not any more`]);
    expect(after(({ dataTopics }) => void (dataTopics[address] = { open: ['write'], retention: 'compact', messages: ['Row'] }))).toEqual([
      `topic ${address} was open to read for other programs and is not any more`,
      `topic ${address} no longer has the message AcceptedRecord`,
      `topic ${address} has the message Row, which older readers do not know`,
      `topic ${address} was released with the retention delete, now it is compact`,
    ]);
  });

  it('is let through when it is new, or opens more', () => {
    expect(after(({ dataTopics }) => void Object.assign(dataTopics, { [address]: { open: ['read', 'write'], retention: 'delete', messages: ['AcceptedRecord'] }, more: { open: ['read'], retention: 'delete', messages: ['More'] } }))).toEqual([]);
  });
});

describe('a change of an operation', () => {
  it('is let through when older callers do not notice it', () => {
    expect(after(({ definitions, operations }) => {
      definitions['ApproveInput'] = { ...definitions['ApproveInput'], properties: { ...definitions['ApproveInput']?.properties, urgent: { type: 'boolean' }, note: { type: 'string' } } };
      definitions['Approval'] = { ...definitions['Approval'], required: ['id', 'state', 'at'], properties: { ...definitions['Approval']?.properties, at: { type: 'string' }, state: { enum: ['open', 'done', 'late'] } } };
      Object.assign(operations['approve'] as object, { roles: ['operator', 'approver', 'service'] });
    })).toEqual([]);
  });

  it.each<[string, (next: Release) => void, (string | RegExp)[]]>([
    ['is gone', ({ operations }) => void delete operations['approve'], ['operation approve (POST /versions/{id}/approvals) was released and is gone']],
    ['moved', (next) => void Object.assign(next.operations['approve'] as object, { path: '/versions/{id}/approval' }), [/was POST \/versions\/\{id\}\/approvals of registry, now it is POST \/versions\/\{id\}\/approval of registry/]],
    ['answers with another status', (next) => void Object.assign(next.operations['approve'] as object, { status: 200 }), ['operation approve answered with status 201, now with 200']],
    ['takes or answers other media', (next) => void Object.assign(next.operations['approve'] as object, { accepts: 'text/plain', produces: null }), ['operation approve took application/json, now text/plain', 'operation approve answered with application/json, now with no body']],
    ['admits fewer', (next) => void Object.assign(next.operations['approve'] as object, { roles: ['admin', 'approver'] }), ['operation approve no longer admits the role operator']],
    ['takes less', (next) => void Object.assign(next.operations['approve'] as object, { maxBodyBytes: 1000 }), ["operation approve takes at most 1000 bytes, before the service's limit"]],
    ['has an input elsewhere', (next) => void Object.assign(next.operations['approve'] as object, { queryTypes: {} }), ['approve.dryRun was a parameter in the query, now it is in the body or gone']],
    ['asks for more', ({ definitions }) => void (definitions['ApproveInput'] = { ...definitions['ApproveInput'], required: ['id', 'note'] }), ['approve.note is newly required, which requests of older callers may not have']],
    ['no longer takes an input', ({ definitions }) => void (definitions['ApproveInput'] = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, dryRun: { type: 'boolean' } } }), ['approve no longer allows the field note, which requests of older callers may have']],
    ['answers without a field', ({ definitions }) => void (definitions['Approval'] = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, state: { enum: ['open', 'done'] } } }), ['the answer of approve.state may be absent, which older callers refuse', 'the answer of approve.by was removed, which older callers may use']],
    ['answers with another type', ({ definitions }) => void (definitions['Approval'] = { ...definitions['Approval'], properties: { ...definitions['Approval']?.properties, by: { type: ['string', 'null'] } } }), ['the answer of approve.by allows the type null, which older callers refuse']],
  ])('that %s is refused', (_, change, sentences) => expect(after(change)).toEqual(sentences.map((sentence) => (typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)))));
});

describe('a change of settings and error codes', () => {
  it('is refused when what operators have set is no longer taken', () => {
    expect(after(({ definitions }) => void (definitions['RegistrySettings'] = { type: 'object', required: ['region'], properties: { poolSize: { type: 'integer', minimum: 2 }, region: { type: 'string' } } }))).toEqual([
      'setting registry.region is newly required, which settings made before may not have',
      'setting registry.poolSize no longer allows numbers below 2, which settings made before may have',
    ]);
    expect(after(({ definitions }) => void (definitions['RegistrySettings'] = { type: 'object', properties: {} }))).toEqual(['setting registry no longer allows the field poolSize, which settings made before may have']);
    expect(after(({ settings }) => void (settings['registry'] = { title: 'RegistrySettings', env: { poolSize: ['MILLRACE_REGISTRY_POOL_SIZE'] } }))).toEqual(['setting registry.poolSize is no longer read from MILLRACE_POOL_SIZE']);
    expect(after(({ settings }) => void delete settings['registry'])).toEqual(['the settings of registry were released and are gone']);
  });

  it('is let through when a setting is new and may be absent, or has another default', () => {
    expect(after(({ definitions }) => void (definitions['RegistrySettings'] = { type: 'object', properties: { poolSize: { type: 'integer', minimum: 1, default: 8 }, region: { type: 'string' } } }))).toEqual([]);
  });

  it('is refused when an error code that callers may look at is gone or means another status', () => {
    expect(after(({ errors }) => void delete errors['second-person-required'])).toEqual(['the error code second-person-required was released and is gone']);
    expect(after(({ errors }) => void (errors['second-person-required'] = { kind: 'conflict', status: 409 }))).toEqual(['the error code second-person-required was forbidden (403), now it is conflict (409)']);
  });
});
