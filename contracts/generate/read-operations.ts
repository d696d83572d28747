import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { filesIn } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import type { JsonSchema } from './json-schema.ts';
import { pascalCase } from './sources.ts';
import type { OperationSource } from './sources.ts';

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: JsonSchema;
}
type Content = Record<string, { schema?: JsonSchema }>;
interface OpenApiOperation {
  operationId?: string;
  summary?: string;
  /** One role, or several separated by |. */
  'x-role'?: string;
  'x-max-body-bytes'?: number;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses?: Record<string, { content?: Content }>;
}
interface Place {
  service: string;
  file: string;
  method: string;
  path: string;
  definitions: Definitions;
  shared: Record<string, Parameter>;
}
const methods = ['get', 'put', 'post', 'delete', 'patch'];

/** Reads every OpenAPI file and files each operation's merged input (path, query, body) and output among the definitions. */
export function readOperations(root: string, definitions: Definitions): OperationSource[] {
  return filesIn(join(root, 'http'), '.yaml').flatMap((file) => readFile(file, definitions));
}

function readFile(file: string, definitions: Definitions): OperationSource[] {
  const document = parse(readFileSync(file, 'utf8')) as {
    paths?: Record<string, Record<string, unknown>>;
    components?: { parameters?: Record<string, Parameter>; schemas?: Record<string, JsonSchema> };
  };
  const shared = document.components?.parameters ?? {};
  if (document.components?.schemas) definitions.complain(file, 'has components/schemas: put shared shapes into contracts/schemas');
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method] !== undefined)
      .map((method) => {
        const operation = item[method] as OpenApiOperation;
        const parameters = [...((item['parameters'] as Parameter[] | undefined) ?? []), ...(operation.parameters ?? [])];
        const place = { service: basename(file, '.yaml'), file, method, path, definitions, shared };
        return readOperation({ ...operation, parameters }, place);
      }),
  );
}

function readOperation(operation: OpenApiOperation, place: Place): OperationSource {
  const operationId = operation.operationId ?? 'unnamed';
  if (!operation.operationId || !operation['x-role']) complain(place, 'needs an operationId and an x-role');
  const parameters = (operation.parameters ?? []).map((parameter) => parameterOf(parameter, place));
  complainAboutPath(parameters, place);
  const [status, response] = Object.entries(operation.responses ?? {}).find(([code]) => code.startsWith('2')) ?? [];
  if (!status) complain(place, 'has no 2xx response');
  const inputTitle = `${pascalCase(operationId)}Input`;
  place.definitions.add(inputTitle, inputSchemaOf(inputTitle, operation, parameters, place), place.file);
  return {
    service: place.service,
    operationId,
    method: place.method.toUpperCase(),
    path: place.path,
    roles: (operation['x-role'] ?? '').split('|'),
    status: Number(status ?? 200),
    summary: operation.summary ?? '',
    accepts: mediaTypeOf(operation.requestBody?.content),
    produces: mediaTypeOf(response?.content),
    maxBodyBytes: operation['x-max-body-bytes'] ?? null,
    inputTitle,
    outputTitle: outputTitleOf(operationId, response?.content, place),
    pathTypes: typesOf(parameters, 'path'),
    queryTypes: typesOf(parameters, 'query'),
  };
}

function parameterOf(parameter: Parameter, place: Place): Parameter {
  if (!parameter.$ref) return parameter;
  const found = place.shared[parameter.$ref.replace('#/components/parameters/', '')];
  if (!found) complain(place, `refers to the unknown parameter ${parameter.$ref}`);
  return found ?? { name: 'unknown', in: 'query' };
}

function inputSchemaOf(title: string, operation: OpenApiOperation, parameters: Parameter[], place: Place): JsonSchema {
  const merged: JsonSchema = { title, description: operation.summary ?? title, type: 'object', properties: {}, required: [] };
  for (const parameter of parameters.filter(({ in: where }) => where !== 'header')) {
    const described = { ...(parameter.description ? { description: parameter.description } : {}), ...(parameter.schema ?? { type: 'string' }) };
    addProperty(merged, parameter.name, described, parameter.in === 'path' || parameter.required === true, place);
  }
  const body = operation.requestBody?.content['application/json']?.schema;
  if (body) mergeBody(merged, body, operation.requestBody?.required !== false, place);
  return merged;
}

function mergeBody(merged: JsonSchema, body: JsonSchema, bodyIsRequired: boolean, place: Place): void {
  const shared = body.$ref ? place.definitions.titleAt(body.$ref, place.file) : undefined;
  const schema = shared ? (place.definitions.schemas[shared] ?? {}) : body;
  if (schema.additionalProperties !== undefined && !schema.properties) return void Object.assign(merged, { additionalProperties: schema.additionalProperties });
  if (!schema.properties) return complain(place, 'has a JSON body that is not an object with properties');
  for (const [name, property] of Object.entries(schema.properties)) {
    addProperty(merged, name, property, bodyIsRequired && (schema.required?.includes(name) ?? false), place);
  }
  for (const keyword of ['oneOf', 'anyOf', 'additionalProperties', 'minProperties'] as const) {
    if (schema[keyword] !== undefined) merged[keyword] = schema[keyword] as never;
  }
}

function addProperty(merged: JsonSchema, name: string, property: JsonSchema, isRequired: boolean, place: Place): void {
  if (merged.properties && name in merged.properties) complain(place, `has two inputs named ${name}`);
  merged.properties = { ...merged.properties, [name]: property };
  if (isRequired) merged.required = [...(merged.required ?? []), name];
}

function outputTitleOf(operationId: string, content: Content | undefined, place: Place): string | null {
  const schema = content?.['application/json']?.schema;
  if (!schema) return null;
  if (schema.$ref) return place.definitions.titleAt(schema.$ref, place.file) ?? null;
  const title = `${pascalCase(operationId)}Output`;
  place.definitions.add(title, { ...schema, title }, place.file);
  return title;
}

function complainAboutPath(parameters: Parameter[], place: Place): void {
  const declared = parameters.filter(({ in: where }) => where === 'path').map(({ name }) => name).sort();
  const written = [...place.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
  if (declared.join() !== written.join()) complain(place, `declares the path parameters [${declared}] but its path has [${written}]`);
}

function typesOf(parameters: Parameter[], where: string): Record<string, string> {
  const own = parameters.filter((parameter) => parameter.in === where);
  return Object.fromEntries(own.map(({ name, schema }) => [name, typeof schema?.type === 'string' ? schema.type : 'string']));
}

function mediaTypeOf(content: Content | undefined): string | null {
  return content ? (Object.keys(content)[0] ?? null) : null;
}

function complain(place: Place, sentence: string): void {
  place.definitions.complain(place.file, `${place.method} ${place.path} ${sentence}`);
}
