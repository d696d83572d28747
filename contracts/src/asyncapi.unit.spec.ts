import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import { eventCatalogue } from './generated/events.js';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');

interface Message {
  headers: object;
  payload: object;
  bindings: { kafka: { key: object } };
  examples: { headers?: object; payload: unknown }[];
}
const text = readFileSync(join(process.cwd(), 'contracts/asyncapi.yaml'), 'utf8');
const document = parse(text) as {
  channels: Record<string, { address: string; messages: Record<string, unknown> }>;
  components: { messages: Record<string, Message>; securitySchemes: object; schemas: object };
  servers: Record<string, { protocol: string; security?: object[] }>;
};
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv as never);
ajv.addSchema({ $id: 'asyncapi:', ...document });
const flawsOf = (pointer: string, value: unknown) => (ajv.compile({ $ref: `asyncapi:#${pointer}` }) as unknown as { (data: unknown): boolean; errors?: object[] })(value) ? [] : [pointer];

describe('the AsyncAPI document', () => {
  it('has, for every message, a key and examples whose headers and payload hold against it', () => {
    for (const [name, { examples, bindings }] of Object.entries(document.components.messages)) {
      expect([name, examples.length > 0, bindings.kafka.key]).toEqual([name, true, expect.objectContaining({ type: 'string' })]);
      const place = `/components/messages/${name}`;
      expect(examples.flatMap(({ headers = {}, payload }) => [...flawsOf(`${place}/headers`, headers), ...flawsOf(`${place}/payload`, payload)])).toEqual([]);
    }
  });

  it('refuses what is not an event of its channel: another type, no id, a subject that is missing', () => {
    const type = 'millrace.training.run.failed.v1';
    const [example] = document.components.messages[type]?.examples ?? [];
    const refused = (change: object) => flawsOf(`/components/messages/${type}/headers`, { ...example?.headers, ...change });
    expect(refused({})).toEqual([]);
    for (const change of [{ ce_type: 'millrace.training.run.completed.v1' }, { ce_source: '/millrace/registry' }, { ce_id: '' }, { ce_subject: undefined }, { ce_time: 'now' }]) expect(refused(change)).toHaveLength(1);
  });

  it('names every event of the catalogue at the address of its topic, and the topics by which records come and go', () => {
    const messages = Object.values(document.channels).flatMap(({ address, messages: own }) => Object.keys(own).map((name) => [name, address]));
    expect(Object.fromEntries(messages)).toMatchObject(Object.fromEntries(Object.entries(eventCatalogue).map(([type, { topic }]) => [type, topic])));
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual(expect.arrayContaining(['millrace.data.{project}.{dataSet}', 'millrace.data.{project}.{dataSet}.accepted']));
  });

  it('says the same to programs that read YAML 1.1, to which a bare on is true and a bare time a date', () => {
    expect(parse(text, { version: '1.1' })).toEqual(document);
  });

  it('says how to sign in', () => {
    expect(document.servers['secured']).toMatchObject({ protocol: 'kafka-secure', security: [{ $ref: '#/components/securitySchemes/scram' }] });
    expect(document.components.securitySchemes).toMatchObject({ scram: { type: 'scramSha512' } });
  });
});
