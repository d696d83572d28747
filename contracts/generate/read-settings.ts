import { basename, join } from 'node:path';
import { filesIn } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import type { JsonSchema } from './json-schema.ts';
import { pascalCase, upperSnakeCase } from './sources.ts';
import type { SettingsSource } from './sources.ts';

/** Reads settings: each service has those of `config/common.json` and its own, which win. */
export function readSettings(root: string, definitions: Definitions): SettingsSource[] {
  const commonFile = join(root, 'config', 'common.json');
  const common = definitions.readJson(commonFile);
  complainAboutSettings(commonFile, common, definitions);
  return filesIn(join(root, 'config'), '.json')
    .filter((file) => file !== commonFile)
    .map((file) => settingsOf(file, common, definitions));
}

function settingsOf(file: string, common: JsonSchema, definitions: Definitions): SettingsSource {
  const own = definitions.readJson(file);
  complainAboutSettings(file, own, definitions);
  const service = basename(file, '.json');
  const title = `${pascalCase(service)}Settings`;
  const properties = { ...common.properties, ...own.properties };
  const required = [...new Set([...(common.required ?? []), ...(own.required ?? [])])];
  const schema: JsonSchema = { title, description: own.description ?? `Settings of ${service}.`, type: 'object', properties, required };
  definitions.add(title, schema, file);
  const fields = Object.entries(properties).map(([name, property]) => {
    const isCommon = own.properties?.[name] === undefined;
    // A setting that some services share, such as a key file, may name a variable without the service's name (x-shared).
    const isShared = isCommon || property['x-shared'] === true;
    const env = [`MILLRACE_${upperSnakeCase(service)}_${upperSnakeCase(name)}`, ...(isShared ? [`MILLRACE_${upperSnakeCase(name)}`] : [])];
    return [name, { env, type: String(property.type), required: required.includes(name), common: isCommon, default: property.default }] as const;
  });
  return { service, title, schema, fields: Object.fromEntries(fields) };
}

function complainAboutSettings(file: string, schema: JsonSchema, definitions: Definitions): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!property.description) definitions.complain(file, `does not describe its setting ${name} (with its unit)`);
    if (typeof property.type !== 'string') definitions.complain(file, `needs one type for its setting ${name}`);
    const isRequired = schema.required?.includes(name) ?? false;
    if (property.default === undefined && !isRequired && property['x-optional'] !== true) {
      definitions.complain(file, `gives its setting ${name} no default; require it or mark it x-optional`);
    }
  }
}
