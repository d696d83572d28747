import type { JsonSchema } from '../json-schema.ts';
import type { ValueCase } from './value-cases.ts';

/** What of a case the limits of one schema refuse, as ends of the sentence "no longer allows ...". */
export function valueGaps(one: ValueCase, read: JsonSchema): string[] {
  switch (one.type) {
    case 'integer':
    case 'number':
      return numberGaps(one, read);
    case 'string':
      return [...sizeGaps(one, read, 'minLength', 'maxLength', (size) => `texts of ${size} characters`), ...textGaps(one, read)];
    case 'array':
      return [...sizeGaps(one, read, 'minItems', 'maxItems', (size) => `lists of ${size} elements`), ...(read.uniqueItems === true && !one.all.some(({ uniqueItems }) => uniqueItems === true) ? ['lists with the same element twice'] : [])];
    case 'object':
      return sizeGaps(one, read, 'minProperties', 'maxProperties', (size) => `objects of ${size} fields`);
    default:
      return [];
  }
}

interface Range {
  lowest: number;
  isLowestIn: boolean;
  highest: number;
  isHighestIn: boolean;
}

function numberGaps({ all, only, type }: ValueCase, read: JsonSchema): string[] {
  const written = only === undefined ? intersection(all.map(rangeOf)) : pointAt(only.value as number);
  const wanted = rangeOf(read);
  const isBelow = written.lowest < wanted.lowest || (written.lowest === wanted.lowest && written.isLowestIn && !wanted.isLowestIn);
  const isAbove = written.highest > wanted.highest || (written.highest === wanted.highest && written.isHighestIn && !wanted.isHighestIn);
  return [
    ...(isBelow ? [`numbers ${wanted.isLowestIn ? 'below' : 'up to'} ${wanted.lowest}`] : []),
    ...(isAbove ? [`numbers ${wanted.isHighestIn ? 'above' : 'from'} ${wanted.highest}${wanted.isHighestIn ? '' : ' on'}`] : []),
    ...(isMultiple(read.multipleOf, { all, only, type }) ? [] : [`numbers that are not a multiple of ${String(read.multipleOf)}`]),
  ];
}

function rangeOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): Range {
  const [low, lowOut, high, highOut] = [minimum ?? -Infinity, exclusiveMinimum ?? -Infinity, maximum ?? Infinity, exclusiveMaximum ?? Infinity] as [number, number, number, number];
  return { lowest: Math.max(low, lowOut), isLowestIn: low > lowOut, highest: Math.min(high, highOut), isHighestIn: high < highOut };
}

function intersection(ranges: readonly Range[]): Range {
  return ranges.reduce((left, right) => {
    const [low, high] = [left.lowest > right.lowest ? left : right, left.highest < right.highest ? left : right];
    return {
      lowest: low.lowest,
      isLowestIn: left.lowest === right.lowest ? left.isLowestIn && right.isLowestIn : low.isLowestIn,
      highest: high.highest,
      isHighestIn: left.highest === right.highest ? left.isHighestIn && right.isHighestIn : high.isHighestIn,
    };
  });
}

function pointAt(value: number): Range {
  return { lowest: value, isLowestIn: true, highest: value, isHighestIn: true };
}

function isMultiple(wanted: unknown, { all, only, type }: Pick<ValueCase, 'all' | 'only' | 'type'>): boolean {
  if (typeof wanted !== 'number') return true;
  if (only !== undefined) return Number.isInteger((only.value as number) / wanted);
  const factors = all.flatMap(({ multipleOf }) => (typeof multipleOf === 'number' ? [multipleOf] : []));
  return (type === 'integer' && Number.isInteger(1 / wanted)) || factors.some((factor) => Number.isInteger(factor / wanted));
}

function sizeGaps({ all, only }: ValueCase, read: JsonSchema, least: string, most: string, words: (size: string) => string): string[] {
  const size = only === undefined ? undefined : sizeOf(only.value);
  const smallest = size ?? Math.max(0, ...all.map((schema) => numberAt(schema, least) ?? 0), least === 'minProperties' ? new Set(all.flatMap(({ required }) => required ?? [])).size : 0);
  const largest = size ?? Math.min(...all.map((schema) => numberAt(schema, most) ?? Infinity));
  const [min, max] = [numberAt(read, least) ?? 0, numberAt(read, most) ?? Infinity];
  return [...(smallest < min ? [words(`less than ${min}`)] : []), ...(largest > max ? [words(`more than ${max}`)] : [])];
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

function numberAt(schema: JsonSchema, keyword: string): number | undefined {
  const value = schema[keyword];
  return typeof value === 'number' ? value : undefined;
}

function textGaps({ all, only }: ValueCase, { pattern, format }: JsonSchema): string[] {
  const matches = pattern === undefined || (only === undefined ? all.some((schema) => schema['pattern'] === pattern) : new RegExp(pattern as string, 'u').test(only.value as string));
  const isFormed = format === undefined || all.some((schema) => schema.format === format);
  return [...(matches ? [] : [`text that does not match ${String(pattern)}`]), ...(isFormed ? [] : [`text that is no ${format}`])];
}
