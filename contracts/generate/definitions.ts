import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { mapSchema, withoutAnnotations } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';

const keywords = new Set(
  `$ref $defs $comment title description type format enum const properties patternProperties required items prefixItems contains additionalProperties
  propertyNames oneOf anyOf allOf not if then else default minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern
  minItems maxItems uniqueItems minProperties maxProperties dependentRequired discriminator deprecated readOnly writeOnly contentEncoding`.split(/\s+/),
);

/** All schemas by title, with references between files turned into `#/$defs/<Title>`. */
export class Definitions {
  readonly schemas: Record<string, JsonSchema> = {};
  readonly complaints: string[] = [];
  readonly validated: string[] = [];
  readonly #titles = new Map<string, string>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    const files = filesIn(join(root, 'schemas'), '.json');
    const read = files.map((file) => ({ file, schema: this.readJson(file) }));
    for (const { file, schema } of read) this.#titles.set(file, this.#titleOf(file, schema));
    for (const { file, schema } of read) {
      const title = this.#titles.get(file) ?? '';
      this.add(title, schema, file);
      if (schema['x-validator'] === true) this.validated.push(title);
    }
  }

  /** Reads a JSON file; what cannot be read is a complaint and reads as the empty schema. */
  readJson(file: string): JsonSchema {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;
    } catch (error) {
      this.complain(file, `is not JSON: ${(error as Error).message}`);
      return {};
    }
  }

  /** Files one schema under its title, with its references resolved. Two schemas of one title are a complaint. */
  add(title: string, schema: JsonSchema, file: string): void {
    if (title in this.schemas) this.complain(file, `uses the title ${title} a second time`);
    const resolved = withoutAnnotations(this.resolve(schema, file, title));
    mapSchema(resolved, (part) => {
      for (const keyword of Object.keys(part).filter((one) => !keywords.has(one))) {
        this.complain(file, `has the unknown keyword ${keyword} in ${title} (in YAML, quote a description that has a comma)`);
      }
      return part;
    });
    this.schemas[title] = resolved;
  }

  /** Turns file references into `#/$defs/<Title>`; `#` alone is the schema itself. */
  resolve(schema: JsonSchema, file: string, selfTitle?: string): JsonSchema {
    return mapSchema(schema, (part) => {
      if (part.$ref === undefined || part.$ref.startsWith('#/$defs/')) return part;
      if (part.$ref === '#' && selfTitle) return { ...part, $ref: `#/$defs/${selfTitle}` };
      const title = this.titleAt(part.$ref, file);
      return title ? { ...part, $ref: `#/$defs/${title}` } : {};
    });
  }

  /** The title of the shared schema that a reference in a file names; unknown files are a complaint. */
  titleAt(reference: string, file: string): string | undefined {
    const title = this.#titles.get(normalize(join(dirname(file), reference)));
    if (!title) this.complain(file, `refers to ${reference}, which is not a file in contracts/schemas`);
    return title;
  }

  complain(file: string, sentence: string): void {
    this.complaints.push(`${relative(this.#root, file)} ${sentence}`);
  }

  #titleOf(file: string, schema: JsonSchema): string {
    if (/^[A-Z][A-Za-z0-9]*$/.test(schema.title ?? '')) return schema.title as string;
    this.complain(file, 'needs a title in PascalCase: it names the TypeScript type');
    return 'Untitled';
  }
}

/** Paths of a folder's files with an ending, sorted; an absent folder has none. */
export function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}
