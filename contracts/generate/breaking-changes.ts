import { existsSync, readFileSync } from 'node:fs';
import { isSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Sources } from './sources.ts';

/** What was promised with the last release: `released.json`, written by `npm run contracts -- --release`. */
export interface Released {
  events: Record<string, { topic: string; key: string; dataTitle: string }>;
  definitions: Record<string, JsonSchema>;
}

interface Comparison {
  before: Released['definitions'];
  after: Released['definitions'];
  compared: Set<string>;
  changes: string[];
}

/** The present contracts as a release keeps them. */
export function releaseOf({ events, definitions }: Sources): Released {
  return { events: Object.fromEntries(events.map(({ type, topic, key, dataTitle }) => [type, { topic, key, dataTitle }])), definitions };
}

export function readReleased(file: string): Released | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Released) : null;
}

/**
 * What older programs would stumble over: an event that is gone or moved, and every place where data that was valid no longer
 * is (older events are read by newer services) or data is valid that was not (newer events are read by older services).
 * New fields that nobody must send are fine. The way out is a new `.v2` beside the old event.
 */
export function breakingChanges(released: Released, present: Released): string[] {
  const comparison: Comparison = { before: released.definitions, after: present.definitions, compared: new Set(), changes: [] };
  for (const [type, before] of Object.entries(released.events)) {
    const after = present.events[type];
    if (!after) comparison.changes.push(`${type} was released and is gone`);
    else if (after.topic !== before.topic || after.key !== before.key) comparison.changes.push(`${type} was released with topic ${before.topic} and key ${before.key}`);
    else compare(`${type}`, { $ref: `#/$defs/${before.dataTitle}` }, { $ref: `#/$defs/${after.dataTitle}` }, comparison);
  }
  return comparison.changes;
}

function compare(place: string, before: JsonSchema, after: JsonSchema, comparison: Comparison): void {
  const pair = `${before.$ref ?? ''} ${after.$ref ?? ''}`;
  if (before.$ref !== undefined && comparison.compared.has(pair)) return;
  comparison.compared.add(pair);
  const [old, now] = [resolved(before, comparison.before), resolved(after, comparison.after)];
  compareValues(place, old, now, comparison);
  compareFields(place, old, now, comparison);
  if (isSchema(old.items) && isSchema(now.items)) compare(`${place}[]`, old.items, now.items, comparison);
  if (isSchema(old.additionalProperties) && isSchema(now.additionalProperties)) compare(`${place}{}`, old.additionalProperties, now.additionalProperties, comparison);
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const [left, right] = [old[keyword] ?? [], now[keyword] ?? []];
    if (left.length !== right.length) comparison.changes.push(`${place} has other alternatives (${keyword})`);
    else left.forEach((branch, index) => compare(place, branch, right[index] ?? {}, comparison));
  }
}

function compareValues(place: string, old: JsonSchema, now: JsonSchema, { changes }: Comparison): void {
  for (const [what, before, after] of [['types', typesOf(old), typesOf(now)], ['values', valuesOf(old), valuesOf(now)]] as const) {
    const gone = before.filter((one) => !after.includes(one));
    const come = after.filter((one) => !before.includes(one));
    if (gone.length > 0) changes.push(`${place} no longer allows the ${what} ${gone.join(', ')}`);
    if (come.length > 0) changes.push(`${place} allows the ${what} ${come.join(', ')}, which older readers refuse`);
  }
}

function compareFields(place: string, old: JsonSchema, now: JsonSchema, comparison: Comparison): void {
  for (const [name, before] of Object.entries(old.properties ?? {})) {
    const after = now.properties?.[name];
    if (!after) comparison.changes.push(`${place}.${name} was removed`);
    else compare(`${place}.${name}`, before, after, comparison);
  }
  for (const name of now.required ?? []) if (!old.required?.includes(name)) comparison.changes.push(`${place}.${name} is newly required`);
  for (const name of old.required ?? []) {
    if (now.properties?.[name] && !now.required?.includes(name)) comparison.changes.push(`${place}.${name} may be absent, which older readers refuse`);
  }
}

function resolved(schema: JsonSchema, definitions: Released['definitions']): JsonSchema {
  return schema.$ref === undefined ? schema : (definitions[schema.$ref.replace('#/$defs/', '')] ?? {});
}

function typesOf({ type }: JsonSchema): string[] {
  return type === undefined ? [] : [type].flat();
}

function valuesOf(schema: JsonSchema): string[] {
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return values.map((value) => JSON.stringify(value));
}
