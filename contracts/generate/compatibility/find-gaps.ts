import { isSchema } from '../json-schema.ts';
import type { JsonSchema } from '../json-schema.ts';
import { casesOf, covers, isRequired, listedNames, memberOf, partsOf, sameValue, valuesOf } from './value-cases.ts';
import type { ValueCase, View } from './value-cases.ts';
import { valueGaps } from './value-gaps.ts';

/** Something that a writer may write and the reader refuses. */
export interface Gap {
  /** Dotted path of fields; `[]` is an element, `{}` the value of any field. */
  place: string;
  /** `allowed`: the reader refuses `what`; `required`: the reader asks for the field at `place`; `removed`: a field that the reader knows is never written. */
  kind: 'allowed' | 'required' | 'removed';
  /** Completes "no longer allows ...". Empty for the other kinds. */
  what: string;
}

/** One comparison: what may be written and who reads it. */
export interface Comparison {
  writer: View;
  reader: View;
  /** True: also name fields of the reader that no writer can send any more. */
  namesRemoved: boolean;
}

/** What those schemas mean that this check does not follow: they must be the same on both sides. */
const annotations = new Set('title description default examples deprecated readOnly writeOnly discriminator contentEncoding $comment $defs'.split(' '));
const judged = new Set(
  `type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format minItems maxItems uniqueItems items
  properties required additionalProperties minProperties maxProperties anyOf oneOf`.split(/\s+/),
);

/**
 * Everything that the schema `written` allows in the writer's view and the schema `read` refuses in the reader's view. No gap means: every value that
 * the writer's schema accepts is accepted by the reader's. The reverse does not hold: where it cannot judge, it names a gap.
 */
export function findGaps(place: string, written: JsonSchema, read: JsonSchema, comparison: Comparison): Gap[] {
  const gaps = gapsOf(place, [written], read, { ...comparison, open: new Set() });
  const unique = new Map(gaps.map((gap) => [`${gap.place} ${gap.kind} ${gap.what}`, gap]));
  return [...unique.values()];
}

interface Walk extends Comparison {
  /** Pairs that are being compared: a schema that contains itself is compared once. */
  open: Set<string>;
}

function gapsOf(place: string, allWritten: readonly JsonSchema[], read: JsonSchema, walk: Walk): Gap[] {
  // Once each: a schema that contains itself would otherwise gather without end.
  const written = [...new Map(allWritten.map((schema) => [JSON.stringify(schema), schema])).values()];
  const pair = JSON.stringify([written, read]);
  if (walk.open.has(pair)) return [];
  walk.open.add(pair);
  const gaps = casesOf(written, walk.writer).flatMap((one) => partsOf(read, walk.reader).flatMap((part) => gapsOfCase(place, one, part, walk)));
  walk.open.delete(pair);
  return gaps;
}

/** @param read one part of the reader's schema: no reference, no `allOf` */
function gapsOfCase(place: string, one: ValueCase, read: JsonSchema, walk: Walk): Gap[] {
  if (read.type !== undefined && ![read.type].flat().some((type) => covers(type as never, one.type))) return [allowed(place, `the type ${one.type}`)];
  return [
    ...listGaps(place, one, read),
    ...unjudgedGaps(place, one, read),
    ...valueGaps(one, read).map((what) => allowed(place, what)),
    ...(one.type === 'array' ? arrayGaps(place, one, read, walk) : []),
    ...(one.type === 'object' ? objectGaps(place, one, read, walk) : []),
    ...alternativeGaps(place, one, read, walk),
  ];
}

function listGaps(place: string, { only, type }: ValueCase, read: JsonSchema): Gap[] {
  const values = valuesOf(read);
  if (values === null) return [];
  if (only === undefined) return [allowed(place, `a ${type} that is not one of ${values.map((value) => JSON.stringify(value)).join(', ')}`)];
  return values.some((value) => sameValue(value, only.value)) ? [] : [allowed(place, `the value ${JSON.stringify(only.value)}`)];
}

function unjudgedGaps(place: string, { all, only, type }: ValueCase, read: JsonSchema): Gap[] {
  const unknown = Object.keys(read).filter((keyword) => !annotations.has(keyword) && !judged.has(keyword));
  const same = (keyword: string): boolean => !JSON.stringify(read[keyword]).match(/"\$ref"|"properties"/) && all.some((schema) => sameValue(schema[keyword], read[keyword]));
  const gaps = unknown.filter((keyword) => !same(keyword)).map((keyword) => allowed(place, `what "${keyword}" may refuse, which this check cannot judge`));
  // A listed object or array would have to be looked into; nobody lists one.
  const isListed = only !== undefined && (type === 'object' || type === 'array') && valuesOf(read) === null;
  return isListed ? [...gaps, allowed(place, `the listed ${type}, which this check cannot judge`)] : gaps;
}

function arrayGaps(place: string, { all }: ValueCase, read: JsonSchema, walk: Walk): Gap[] {
  if (!isSchema(read.items)) return [];
  const isEmpty = all.some(({ maxItems }) => maxItems === 0);
  // The items behind `prefixItems` are other ones than those in front.
  const written = all.some(({ prefixItems }) => prefixItems !== undefined) ? [{}] : all.map(({ items }) => items ?? {});
  return isEmpty ? [] : gapsOf(`${place}[]`, written, read.items, walk);
}

function objectGaps(place: string, { all }: ValueCase, read: JsonSchema, walk: Walk): Gap[] {
  const missing = (read.required ?? []).filter((name) => !isRequired(all, name)).map((name): Gap => ({ place: `${place}.${name}`, kind: 'required', what: '' }));
  const known = Object.entries(read.properties ?? {}).flatMap(([name, schema]): Gap[] => {
    const written = memberOf(all, name, walk.writer);
    if (written !== null) return gapsOf(`${place}.${name}`, written, schema, walk);
    return walk.namesRemoved ? [{ place: `${place}.${name}`, kind: 'removed', what: '' }] : [];
  });
  return [...missing, ...known, ...otherFieldGaps(place, all, read, walk)];
}

/** Fields that the reader's schema does not list. */
function otherFieldGaps(place: string, all: readonly JsonSchema[], read: JsonSchema, walk: Walk): Gap[] {
  const { properties, additionalProperties } = read;
  const isClosed = additionalProperties === false || (additionalProperties === undefined && walk.reader.isClosed && properties !== undefined);
  if (!isClosed && !isSchema(additionalProperties)) return [];
  const gaps = (where: string, what: string, written: JsonSchema[] | null): Gap[] => {
    if (written === null) return [];
    return isSchema(additionalProperties) ? gapsOf(where, written, additionalProperties, walk) : [allowed(place, what)];
  };
  const listed = listedNames(all).filter((name) => !Object.hasOwn(properties ?? {}, name));
  // No schema lists this name: what it may hold is what any unlisted field may hold.
  const unlisted = memberOf(all, '\u0000', walk.writer);
  return [...listed.flatMap((name) => gaps(`${place}.${name}`, `the field ${name}`, memberOf(all, name, walk.writer))), ...gaps(`${place}{}`, 'fields that are not listed', unlisted)];
}

/** The alternative that fits best must fit; of `oneOf` no other one may fit as well. */
function alternativeGaps(place: string, one: ValueCase, read: JsonSchema, walk: Walk): Gap[] {
  return (['anyOf', 'oneOf'] as const).flatMap((keyword) => {
    const branches = read[keyword];
    if (branches === undefined) return [];
    const tries = branches.map((branch, index) => ({ index, gaps: partsOf(branch, walk.reader).flatMap((part) => gapsOfCase(place, one, part, walk)) }));
    const [best] = tries.toSorted((left, right) => weightOf(left.gaps, place) - weightOf(right.gaps, place));
    if (best === undefined || best.gaps.length > 0) return best?.gaps ?? [];
    const others = branches.filter((_, index) => index !== best.index);
    const isAmbiguous = keyword === 'oneOf' && !others.every((branch) => isApart(one, branch, walk));
    return isAmbiguous ? [allowed(place, `a ${one.type} that more than one alternative may take`)] : [];
  });
}

/** An alternative of another type says less than one of the same type that differs inside. */
function weightOf(gaps: readonly Gap[], place: string): number {
  return gaps.length + (gaps.some((gap) => gap.place === place && gap.what.startsWith('the type ')) ? 1_000 : 0);
}

/** True when surely no value of the case meets the schema. */
function isApart(one: ValueCase, schema: JsonSchema, walk: Walk): boolean {
  const parts = partsOf(schema, walk.reader);
  return parts.some(({ type }) => type !== undefined && ![type].flat().some((name) => covers(name as never, one.type) || covers(one.type, name as never))) || isApartInside(one, parts, walk);
}

function isApartInside({ type, all, only }: ValueCase, parts: readonly JsonSchema[], { writer, reader }: Walk): boolean {
  if (only !== undefined && parts.some((part) => valuesOf(part)?.every((value) => !sameValue(value, only.value)))) return true;
  if (type !== 'object') return false;
  const names = [...new Set(parts.flatMap(({ required, properties }) => [...(required ?? []), ...Object.keys(properties ?? {})]))];
  return names.some((name) => {
    const written = memberOf(all, name, writer);
    if (written === null) return isRequired(parts, name);
    if (!isRequired(all, name)) return false;
    const read = memberOf(parts, name, reader);
    return read === null || casesOf(written, writer).every((left) => casesOf(read, reader).every((right) => areApart(left, right)));
  });
}

function areApart(left: ValueCase, right: ValueCase): boolean {
  if (left.only !== undefined && right.only !== undefined) return !sameValue(left.only.value, right.only.value);
  return !covers(left.type, right.type) && !covers(right.type, left.type);
}

function allowed(place: string, what: string): Gap {
  return { place, kind: 'allowed', what };
}
