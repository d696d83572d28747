import { isSchema } from '../json-schema.ts';
import type { JsonSchema } from '../json-schema.ts';

/** How one side reads its schemas. */
export interface View {
  /** Every schema by title. */
  definitions: Record<string, JsonSchema>;
  /** True: a field that an object with `properties` does not list is refused, as writers, HTTP inputs and settings are held to. */
  isClosed: boolean;
}

export type TypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** Values of one type that meet all of some schemas: none of these holds a reference, `allOf` or an alternative at its top. */
export interface ValueCase {
  type: TypeName;
  all: readonly JsonSchema[];
  /** Set when just one value is meant. */
  only?: { value: unknown };
}

const allTypes: readonly TypeName[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/**
 * The values that meet all of the schemas, as a list of cases that together cover them: one per alternative, type and listed value.
 * It may cover more values than there are (of `oneOf`, `not` and keywords it does not know), never fewer.
 */
export function casesOf(schemas: readonly JsonSchema[], view: View): ValueCase[] {
  return alternativesOf(schemas, view).flatMap((all) => {
    const values = listedValues(all);
    if (values !== null) return values.map((value) => ({ type: typeOf(value), all, only: { value } })).filter(({ type }) => typesOf(all).some((one) => covers(one, type)));
    return typesOf(all).flatMap((type): ValueCase[] => {
      if (type === 'null') return [{ type, all, only: { value: null } }];
      if (type === 'boolean') return [true, false].map((value) => ({ type, all, only: { value } }));
      return isPossible(type, all, view) ? [{ type, all }] : [];
    });
  });
}

/** All schemas that stand behind one: itself without them, what it refers to, and its `allOf`. */
export function partsOf(schema: JsonSchema, view: View, seen: readonly string[] = []): JsonSchema[] {
  const { $ref, allOf, ...own } = schema;
  const title = $ref?.replace('#/$defs/', '');
  const referred = title === undefined || seen.includes(title) ? [] : partsOf(view.definitions[title] ?? {}, view, [...seen, title]);
  return [own, ...referred, ...((allOf as JsonSchema[] | undefined) ?? []).flatMap((part) => partsOf(part, view, seen))];
}

/** What a field of an object may hold: schemas that all hold; null when no object may have the field. */
export function memberOf(all: readonly JsonSchema[], name: string, { isClosed }: View): JsonSchema[] | null {
  const members = all.map((schema): JsonSchema | false => {
    const { properties, additionalProperties, patternProperties } = schema;
    if (properties && Object.hasOwn(properties, name)) return properties[name] ?? {};
    if (patternProperties !== undefined) return {};
    if (isSchema(additionalProperties)) return additionalProperties;
    return additionalProperties === false || (additionalProperties === undefined && isClosed && properties !== undefined) ? false : {};
  });
  return members.every((member) => member !== false) ? members : null;
}

/** The names that any of the schemas lists. */
export function listedNames(all: readonly JsonSchema[]): string[] {
  return [...new Set(all.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

export function isRequired(all: readonly JsonSchema[], name: string): boolean {
  return all.some(({ required }) => required?.includes(name));
}

/** True when values of the first type are values of the second one too. */
export function covers(wide: TypeName, narrow: TypeName): boolean {
  return wide === narrow || (wide === 'number' && narrow === 'integer');
}

export function typeOf(value: unknown): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as TypeName;
}

export function sameValue(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

/** The values that a schema lists by `const` or `enum`; null when it lists none. */
export function valuesOf(schema: JsonSchema): unknown[] | null {
  return Object.hasOwn(schema, 'const') ? [schema.const] : (schema.enum ?? null);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isSchema(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part));
}

function alternativesOf(schemas: readonly JsonSchema[], view: View): JsonSchema[][] {
  const all = schemas.flatMap((schema) => partsOf(schema, view));
  const index = all.findIndex(({ anyOf, oneOf }) => anyOf !== undefined || oneOf !== undefined);
  const split = all[index];
  if (split === undefined) return [all];
  const keyword = split.anyOf === undefined ? 'oneOf' : 'anyOf';
  const { [keyword]: branches = [], ...rest } = split;
  return branches.flatMap((branch) => alternativesOf([...all.slice(0, index), rest, ...all.slice(index + 1), branch], view));
}

function typesOf(all: readonly JsonSchema[]): TypeName[] {
  const sets = all.flatMap(({ type }) => (type === undefined ? [] : [[type].flat() as TypeName[]]));
  return sets.reduce<TypeName[]>((left, right) => {
    const common = [...left.filter((one) => right.some((other) => covers(other, one))), ...right.filter((one) => left.some((other) => covers(other, one)))];
    return [...new Set(common)].filter((one) => one !== 'integer' || !common.includes('number'));
  }, [...allTypes]);
}

function listedValues(all: readonly JsonSchema[]): unknown[] | null {
  const lists = all.map(valuesOf).filter((list) => list !== null);
  const [first, ...others] = lists;
  return first === undefined ? null : first.filter((value) => others.every((list) => list.some((one) => sameValue(one, value))));
}

/** False only when surely no value is meant: an object needs a field that it cannot have. */
function isPossible(type: TypeName, all: readonly JsonSchema[], view: View): boolean {
  if (type !== 'object') return true;
  return all.flatMap(({ required }) => required ?? []).every((name) => {
    const member = memberOf(all, name, view);
    return member !== null && couldBe(member, view);
  });
}

/** Types and listed values alone: what lies deeper is not asked, as schemas may contain themselves. */
function couldBe(schemas: readonly JsonSchema[], view: View): boolean {
  return alternativesOf(schemas, view).some((all) => typesOf(all).length > 0 && (listedValues(all) ?? ['any']).length > 0);
}
