import { createRequire } from 'node:module';
import type { ErrorObject } from 'ajv';
import { closeSchema, mapSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { generatedBanner } from './output.ts';
import type { Sources } from './sources.ts';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
const { default: standaloneCode } = require('ajv/dist/standalone') as typeof import('ajv/dist/standalone/index.js');
const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');

/** How one family of validators treats data. */
export interface ValidatorFamily {
  /** Unknown fields are refused. */
  closed: boolean;
  /** Absent fields are given their default (the data is changed). */
  fillsDefaults: boolean;
  /** Every flaw is reported, not just the first. */
  namesAll: boolean;
}

/** What a schema or an example has wrong, or null. */
export type Check = (title: string, data: unknown) => ErrorObject[] | null;

/**
 * Code of standalone validators, one export per title.
 * Ajv's ESM output still calls require() for formats and deep equality, hence createRequire in the header.
 */
export function writeValidators(sources: Sources, titles: string[], family: ValidatorFamily): string {
  const ajv = ajvOver(sources, family);
  const unique = [...new Set(titles)].sort();
  const code = standaloneCode(ajv, Object.fromEntries(unique.map((title) => [title, referenceTo(title)])));
  const header = `// @ts-nocheck\n${generatedBanner}import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n`;
  return header + code.replace(/^"use strict";/, '').replaceAll(';export const ', ';\nexport const ').replaceAll(';function ', ';\nfunction ');
}

/** Checks data against a definition while generating, as writers will. */
export function checkAgainst(sources: Sources): Check {
  const ajv = ajvOver(sources, { closed: true, fillsDefaults: false, namesAll: true });
  return (title, data) => {
    const validate = ajv.getSchema(referenceTo(title));
    return !validate || validate(data) === true ? null : (validate.errors ?? []);
  };
}

function ajvOver({ definitions }: Sources, { closed, fillsDefaults, namesAll }: ValidatorFamily) {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: namesAll,
    discriminator: true,
    useDefaults: fillsDefaults,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  addFormats.default(ajv as never);
  ajv.addSchema({ $id: 'contracts', $defs: mapValues(definitions, (schema) => withoutProse(closed ? closeSchema(schema) : schema)) });
  return ajv;
}

/** Validators need no words; code without them is smaller. A property may be called title: only text counts as words. */
function withoutProse(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) =>
    Object.fromEntries(Object.entries(part).filter(([keyword, value]) => !((keyword === 'title' || keyword === 'description') && typeof value === 'string'))),
  );
}

function referenceTo(title: string): string {
  return `contracts#/$defs/${title}`;
}

function mapValues(members: Record<string, JsonSchema>, change: (schema: JsonSchema) => JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, change(schema)]));
}
