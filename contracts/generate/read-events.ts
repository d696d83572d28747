import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesIn } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import type { JsonSchema } from './json-schema.ts';
import type { EventSource } from './sources.ts';

const name = /^(?<entity>[a-z][a-z-]*)\.(?<verb>[a-z][a-z-]*)\.v(?<major>\d+)\.json$/;

/** Reads every event schema and files its data type among the definitions. */
export function readEvents(root: string, definitions: Definitions): EventSource[] {
  const folder = join(root, 'events');
  const services = existsSync(folder) ? readdirSync(folder).sort() : [];
  return services.flatMap((service) =>
    filesIn(join(folder, service), '.json').flatMap((file) => readEvent(service, file, definitions) ?? []),
  );
}

function readEvent(service: string, file: string, definitions: Definitions): EventSource | null {
  const parts = name.exec(basename(file))?.groups;
  if (!parts) {
    definitions.complain(file, 'is not named <entity>.<past verb>.v<major>.json');
    return null;
  }
  const schema = definitions.readJson(file);
  complainAboutEvent(file, schema, definitions);
  const topic = (schema['x-topic'] as string | undefined) ?? `millrace.${service}.${parts['entity']}`;
  return {
    file: `events/${service}/${basename(file)}`,
    service,
    type: `millrace.${service}.${parts['entity']}.${parts['verb']}.v${parts['major']}`,
    topic,
    dataTitle: dataTitleOf(file, schema, definitions),
    schema,
    key: String(schema['x-key']),
    consumers: [...((schema['x-consumers'] as string[] | undefined) ?? [])].sort(),
    retention: (schema['x-retention'] as string | undefined) ?? 'delete',
  };
}

/** An event that is only a reference shares the type of what it refers to. */
function dataTitleOf(file: string, schema: JsonSchema, definitions: Definitions): string {
  if (schema.$ref) return definitions.titleAt(schema.$ref, file) ?? 'Untitled';
  const title = schema.title ?? 'Untitled';
  definitions.add(title, schema, file);
  return title;
}

function complainAboutEvent(file: string, schema: JsonSchema, definitions: Definitions): void {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(schema.title ?? '')) definitions.complain(file, 'needs a title in PascalCase');
  if (!schema.description) definitions.complain(file, 'needs a description');
  if (typeof schema['x-key'] !== 'string') definitions.complain(file, 'needs x-key: the data field that is the Kafka key');
  if (!Array.isArray(schema['x-consumers'])) definitions.complain(file, 'needs x-consumers: the services that consume it');
  if (!Array.isArray(schema.examples) || schema.examples.length === 0) definitions.complain(file, 'needs at least one example');
  if (schema.$ref) return;
  const key = String(schema['x-key']);
  if (!schema.required?.includes(key)) definitions.complain(file, `does not require its key field ${key}`);
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    if (!property.description && !property.$ref) definitions.complain(file, `does not describe its field ${field}`);
  }
}
