/** The part of JSON Schema 2020-12 that the contracts use, plus our own `x-` annotations. */
export interface JsonSchema {
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  default?: unknown;
  examples?: unknown[];
  [keyword: string]: unknown;
}

/** Rebuilds a schema bottom-up; `change` sees each sub-schema after its own sub-schemas were rebuilt. */
export function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const rebuilt: JsonSchema = { ...schema };
  for (const keyword of ['properties', 'patternProperties', '$defs'] as const) {
    const members = schema[keyword] as Record<string, JsonSchema> | undefined;
    if (members) {
      rebuilt[keyword] = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, mapSchema(member, change)]));
    }
  }
  for (const keyword of ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'] as const) {
    if (isSchema(schema[keyword])) rebuilt[keyword] = mapSchema(schema[keyword], change);
  }
  for (const keyword of ['oneOf', 'anyOf', 'allOf', 'prefixItems'] as const) {
    const branches = schema[keyword] as JsonSchema[] | undefined;
    if (branches) rebuilt[keyword] = branches.map((branch) => mapSchema(branch, change));
  }
  return change(rebuilt);
}

/** Whether a keyword's value is a schema object (and not a boolean, a list or a plain value). */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Forbids unknown fields wherever a schema lists its properties: what writers, HTTP bodies and settings are held to. */
export function closeSchema(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) =>
    part.properties && part.additionalProperties === undefined ? { ...part, additionalProperties: false } : part,
  );
}

/** Drops what only people and our generator read, so that validators and types do not carry it. */
export function withoutAnnotations(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) =>
    Object.fromEntries(Object.entries(part).filter(([keyword]) => !keyword.startsWith('x-') && keyword !== 'examples' && keyword !== '$schema')),
  );
}
