import { createRequire } from 'node:module';
import fc from 'fast-check';
import { closeSchema } from '../json-schema.ts';
import type { JsonSchema } from '../json-schema.ts';
import { findGaps } from './find-gaps.ts';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');

const names = ['a', 'b', 'c'] as const;
const scalars = [null, true, false, 0, 1, 1.5, 3, 'x', 'xy', 'yyyy', ''];

/** Schemas over few names and values, so that two of them meet often; `Node` refers to a definition that may contain itself. */
const schemas = fc.letrec<{ schema: JsonSchema; leaf: JsonSchema; object: JsonSchema; limits: JsonSchema }>((tie) => ({
  limits: fc.record({
    minimum: fc.integer({ min: 0, max: 3 }), exclusiveMaximum: fc.integer({ min: 1, max: 4 }), multipleOf: fc.constantFrom(0.5, 1, 2), minLength: fc.integer({ min: 0, max: 2 }), maxLength: fc.integer({ min: 1, max: 4 }),
    pattern: fc.constantFrom('^x', '^$|y'), required: fc.subarray([...names]), additionalProperties: fc.boolean(), minProperties: fc.integer({ min: 0, max: 2 }), maxProperties: fc.integer({ min: 0, max: 3 }), propertyNames: fc.constant({ enum: ['a', 'b'] }),
    minItems: fc.integer({ min: 0, max: 2 }), maxItems: fc.integer({ min: 0, max: 3 }), uniqueItems: fc.boolean(),
  }, { requiredKeys: [] }),
  leaf: fc.oneof(
    fc.record({ type: fc.subarray(['null', 'boolean', 'integer', 'number', 'string'], { minLength: 1 }) }),
    fc.record({ type: fc.constantFrom('integer', 'number'), minimum: fc.integer({ min: 0, max: 3 }), exclusiveMaximum: fc.integer({ min: 1, max: 4 }), multipleOf: fc.constantFrom(0.5, 1, 2) }, { requiredKeys: ['type'] }),
    fc.record({ type: fc.constant('string'), minLength: fc.integer({ min: 0, max: 2 }), maxLength: fc.integer({ min: 1, max: 4 }), pattern: fc.constantFrom('^x', '^$|y') }, { requiredKeys: ['type'] }),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom(...scalars), { minLength: 1, maxLength: 4 }) }),
    fc.record({ const: fc.constantFrom(...scalars) }),
    fc.constant({ $ref: '#/$defs/Node' }),
    fc.constant({}),
  ),
  object: fc
    .record({
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom(...names), tie('schema'), { maxKeys: 3, noNullPrototype: true }),
      required: fc.subarray([...names]),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      minProperties: fc.integer({ min: 0, max: 2 }),
      maxProperties: fc.integer({ min: 0, max: 3 }),
      patternProperties: fc.record({ '^a': tie('leaf') }),
      propertyNames: fc.constant({ enum: ['a', 'b'] }),
    }, { requiredKeys: ['type'] }),
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: tie('leaf') },
    { weight: 4, arbitrary: tie('object') },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.integer({ min: 0, max: 2 }), maxItems: fc.integer({ min: 0, max: 3 }), uniqueItems: fc.boolean(), contains: tie('leaf') }, { requiredKeys: ['type'] }) },
    { weight: 1, arbitrary: fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.tuple(tie('object'), tie('schema')).map(([object, schema]) => ({ ...object, allOf: [schema] })) },
    { weight: 1, arbitrary: fc.tuple(tie('leaf'), tie('leaf')).map(([leaf, schema]) => ({ ...leaf, not: schema })) },
  ),
}));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, { weight: 3, arbitrary: fc.constantFrom(...scalars) }, { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names, 'other'), tie('value'), { maxKeys: 3, noNullPrototype: true }) }, { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) }),
})).value;

/** Values that likely meet a schema: its alternatives, its fields with fitting values, its listed values. */
function likely(schema: JsonSchema, node: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  if (depth > 3) return anyValue;
  const inner = (one: JsonSchema): fc.Arbitrary<unknown> => likely(one, node, depth + 1);
  if (schema.$ref !== undefined) return inner(node);
  const listed = schema.enum ?? (Object.hasOwn(schema, 'const') ? [schema.const] : []);
  if (listed.length > 0) return fc.constantFrom(...listed);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (branches.length > 0) return fc.oneof(...branches.map(inner));
  if (schema.type === 'array') return fc.array(inner(schema.items ?? {}), { maxLength: 3 });
  if (schema.type !== 'object') return anyValue;
  const more = typeof schema.additionalProperties === 'object' ? inner(schema.additionalProperties) : anyValue;
  const fields = Object.fromEntries(names.map((name) => [name, schema.properties?.[name] ? inner(schema.properties[name]) : more]));
  const needed = fc.record(fields, { requiredKeys: schema.required ?? [], noNullPrototype: true });
  const known = fc.record(Object.fromEntries(Object.entries(fields).filter(([name]) => schema.properties?.[name] !== undefined || schema.required?.includes(name))), { requiredKeys: schema.required ?? [], noNullPrototype: true });
  return fc.oneof({ weight: 3, arbitrary: known }, { weight: 1, arbitrary: needed }, { weight: 1, arbitrary: anyValue });
}

/** A schema and what a later hand made of it: most of it is as before. */
const pairs = schemas.schema.chain((before) => fc.tuple(fc.constant(before), fc.oneof({ weight: 4, arbitrary: changed(before) }, { weight: 1, arbitrary: schemas.schema })));

function changed(schema: JsonSchema): fc.Arbitrary<JsonSchema> {
  const part = fc.constantFrom(...Object.keys(schema), 'title');
  return fc.oneof(
    fc.constant(schema),
    schemas.limits.map((limits) => ({ ...schema, ...Object.fromEntries(Object.entries(limits).filter(([keyword]) => Object.hasOwn(schema, keyword) || Math.abs(JSON.stringify(schema).length % 3) === 0)) })),
    part.map((keyword) => Object.fromEntries(Object.entries(schema).filter(([name]) => name !== keyword))),
    schemas.object.map((other) => ({ ...schema, ...(schema.type === 'object' ? { properties: { ...other.properties, ...schema.properties } } : {}) })),
    ...Object.entries(schema.properties ?? {}).map(([name, member]) => changed(member).map((next) => ({ ...schema, properties: { ...schema.properties, [name]: next } }))),
    ...(schema.enum === undefined ? [] : [fc.constantFrom(...scalars).map((value) => ({ ...schema, enum: [...new Set([...(schema.enum ?? []), value])] }))]),
    ...(['anyOf', 'oneOf'] as const).flatMap((keyword) => (schema[keyword] === undefined ? [] : [schemas.leaf.map((branch) => ({ ...schema, [keyword]: [...(schema[keyword] ?? []), branch] }))])),
  );
}

/** Ajv's own reading, as the generated validators have it. */
function validator(schema: JsonSchema, node: JsonSchema, isClosed: boolean): (value: unknown) => boolean {
  const seen = (one: JsonSchema): JsonSchema => (isClosed ? closeSchema(one) : one);
  return new Ajv2020({ strict: false, inlineRefs: false, meta: false, validateSchema: false }).compile({ ...seen(schema), $defs: { Node: seen(node) } });
}

describe('the comparison of schemas', () => {
  it('finds no gap only where every value that the writer may write is accepted by the reader', () => {
    let compatible = 0;
    let accepted = 0;
    const cases = fc.tuple(pairs, schemas.object, schemas.object, fc.boolean()).chain(([pair, node, otherNode, isClosed]) =>
      fc.tuple(fc.constant({ pair, node, otherNode, isClosed }), fc.array(fc.oneof(likely(pair[0], node), anyValue), { minLength: 20, maxLength: 20 })));
    fc.assert(
      fc.property(cases, ([{ pair: [before, after], node, otherNode, isClosed }, samples]) => {
        const [writer, reader] = [{ definitions: { Node: node }, isClosed: true }, { definitions: { Node: isClosed ? node : otherNode }, isClosed }];
        if (findGaps('it', before, after, { writer, reader, namesRemoved: false }).length > 0) return;
        compatible += 1;
        const [writes, reads] = [validator(before, node, true), validator(after, reader.definitions.Node, isClosed)];
        for (const value of samples.filter(writes)) {
          accepted += 1;
          if (!reads(value)) throw new Error(`${JSON.stringify(value)} is written and refused`);
        }
      }),
      { numRuns: 800 },
    );
expect(compatible).toBeGreaterThan(100);
    expect(accepted).toBeGreaterThan(500);
  }, 120_000);

  it('finds none between a schema without alternatives that overlap and itself', () => {
    const plain = schemas.schema.filter((schema) => !/oneOf|not|patternProperties|propertyNames|contains|pattern/.test(JSON.stringify(schema)));
    fc.assert(fc.property(plain, schemas.leaf.filter((leaf) => leaf.$ref === undefined), (schema, node) => {
      const definitions = { Node: node };
      expect(findGaps('it', schema, schema, { writer: { definitions, isClosed: true }, reader: { definitions, isClosed: false }, namesRemoved: true })).toEqual([]);
    }));
  });
});
