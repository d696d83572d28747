import { createRequire } from 'node:module';
import { mapSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { generatedBanner } from './output.ts';
import type { Sources } from './sources.ts';

// json-schema-to-typescript is CommonJS; require keeps its named export typed.
const { compile } = createRequire(import.meta.url)('json-schema-to-typescript') as typeof import('json-schema-to-typescript');

/** TypeScript types of every schema, one exported name per title. */
export async function writeTypes(sources: Sources): Promise<string> {
  const root = { $id: 'MillraceContracts', type: 'object', properties: {}, $defs: typedDefinitions(sources) };
  const text = await compile(root as never, 'MillraceContracts', {
    unreachableDefinitions: true,
    additionalProperties: false,
    format: false,
    bannerComment: '',
    cwd: '/',
  });
  const withoutRoot = text.replace(/export interface MillraceContracts \{\s*\}\n/, '');
  return `${generatedBanner}${indent(withoutReferenceNotes(withoutRoot))}\n`;
}

/** Readers of inputs and settings always find a field that has a default: their types require it. */
function typedDefinitions({ definitions, operations, settings }: Sources): Record<string, JsonSchema> {
  const filled = new Set([...operations.map(({ inputTitle }) => inputTitle), ...settings.map(({ title }) => title)]);
  return Object.fromEntries(
    Object.entries(definitions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([title, schema]) => [title, mapSchema(filled.has(title) ? requireDefaults(schema) : schema, bareReference)]),
  );
}

/** A description beside a reference would make the compiler copy the type under a second name; a schema that allows anything is `unknown`. */
function bareReference(schema: JsonSchema): JsonSchema {
  if (schema.$ref) return { $ref: schema.$ref };
  return Object.keys(schema).every((keyword) => keyword === 'description') ? { ...schema, tsType: 'unknown' } : schema;
}

function requireDefaults(schema: JsonSchema): JsonSchema {
  const withDefault = Object.entries(schema.properties ?? {}).filter(([, property]) => property.default !== undefined);
  return { ...schema, required: [...new Set([...(schema.required ?? []), ...withDefault.map(([name]) => name)])] };
}

/** The compiler notes where each type came from, in words that help nobody here. */
function withoutReferenceNotes(text: string): string {
  return text
    .replace(/ \*\s*\n \* This interface was referenced by `MillraceContracts`'s JSON-Schema\n \* via the `definition` "[^"]+"\.\n/g, '')
    .replace(/\/\*\*\n \* This interface was referenced by `MillraceContracts`'s JSON-Schema\n \* via the `definition` "[^"]+"\.\n \*\/\n/g, '');
}

function indent(text: string): string {
  let depth = 0;
  const lines = text.split('\n').map((line) => {
    const trimmed = line.trim();
    if (isComment(trimmed)) return `${'  '.repeat(depth)}${trimmed.startsWith('*') ? ` ${trimmed}` : trimmed}`;
    const closes = /^[})\]]+/.exec(trimmed)?.[0].replace(/[^})\]]/g, '').length ?? 0;
    const at = Math.max(0, depth - closes);
    depth = Math.max(0, depth + count(trimmed, /[{([]/g) - count(trimmed, /[})\]]/g));
    return trimmed === '' ? '' : `${'  '.repeat(at)}${trimmed}${needsSemicolon(trimmed, at) ? ';' : ''}`;
  });
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n').trim();
}

function needsSemicolon(line: string, depth: number): boolean {
  return depth > 0 && !/[{(|[,;]$/.test(line) && !/^\|/.test(line);
}

function isComment(line: string): boolean {
  return line.startsWith('/*') || line.startsWith('*');
}

function count(line: string, brackets: RegExp): number {
  return (line.replace(/"(?:[^"\\]|\\.)*"/g, '').match(brackets) ?? []).length;
}
