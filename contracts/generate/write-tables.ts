import { generatedBanner } from './output.ts';
import type { Sources } from './sources.ts';

/** `events.ts`: the map of event data, and what is known of each event. */
export function writeEvents({ events }: Sources): string {
  const titles = events.map(({ dataTitle }) => dataTitle);
  const rows = events.map(
    (event) =>
      `  '${event.type}': ${literal({
        topic: event.topic,
        key: event.key,
        producer: event.service,
        consumers: event.consumers,
        retention: event.retention,
      })},`,
  );
  const members = events.map(({ type, dataTitle }) => `  '${type}': ${dataTitle};`);
  return `${generatedBanner}import type { EventDescription } from '../event.js';
${importTypes(titles)}
/** The data of each event, by the event's type. */
export interface EventData {
${members.join('\n')}
}

export type EventType = keyof EventData;

export const eventCatalogue: { readonly [T in EventType]: EventDescription } = {
${rows.join('\n')}
};
`;
}

/** `operations.ts`: the map of inputs and outputs, and what is known of each HTTP operation. */
export function writeOperations({ operations }: Sources): string {
  const titles = operations.flatMap(({ inputTitle, outputTitle }) => [inputTitle, ...(outputTitle ? [outputTitle] : [])]);
  const inputs = operations.map(({ operationId, inputTitle }) => `  ${operationId}: ${inputTitle};`);
  const outputs = operations.map((one) => `  ${one.operationId}: ${outputType(one)};`);
  const rows = operations.map((one) => {
    const { inputTitle, outputTitle, ...description } = one;
    return `  ${one.operationId}: ${literal(description)},`;
  });
  return `${generatedBanner}import type { Operation } from '../operation.js';
${importTypes(titles)}
/** What an operation is given: its path, query and body fields in one object, defaults filled. */
export interface OperationInputs {
${inputs.join('\n')}
}

/** What an operation answers with. */
export interface OperationOutputs {
${outputs.join('\n')}
}

export type OperationId = keyof OperationInputs;

export const operations: { readonly [Id in OperationId]: Operation } = {
${rows.join('\n')}
};
`;
}

function outputType({ outputTitle, produces }: Sources['operations'][number]): string {
  return outputTitle ?? (produces ? 'unknown' : 'void');
}

/** `settings.ts`: the type of each service's settings, and each setting's variables and default. */
export function writeSettings({ settings }: Sources): string {
  const members = settings.map(({ service, title }) => `  ${quoted(service)}: ${title};`);
  const rows = settings.map(({ service, fields }) => {
    const lines = Object.entries(fields).map(([name, field]) => `    ${name}: ${literal(field)},`);
    return `  ${quoted(service)}: {\n${lines.join('\n')}\n  },`;
  });
  return `${generatedBanner}import type { SettingField } from '../settings.js';
${importTypes(settings.map(({ title }) => title))}
/** The settings of each service, the common ones included. */
export interface ServiceSettings {
${members.join('\n')}
}

export type ServiceName = keyof ServiceSettings;

export const settingFields: { readonly [S in ServiceName]: Readonly<Record<string, SettingField>> } = {
${rows.join('\n')}
};
`;
}

/** `errors.ts`: every error code with its kind, title and what to do about it. */
export function writeErrors({ errors }: Sources): string {
  const rows = errors.map(({ code, kind, title, todo, status }) => `  ${quoted(code)}: ${literal({ kind, title, todo, status })},`);
  return `${generatedBanner}import type { ErrorDescription } from '../millrace-error.js';

export type ErrorCode =
${errors.map(({ code }) => `  | '${code}'`).join('\n')};

export const errorTable: { readonly [C in ErrorCode]: ErrorDescription } = {
${rows.join('\n')}
};
`;
}

/** `validators.ts`: validators by event type, operation, service and schema title, over the compiled functions. */
export function writeValidatorTables({ events, operations, settings, validated }: Sources): string {
  const table = (name: string, doc: string, key: string, rows: string[]): string =>
    `/** ${doc} */\nexport const ${name}: { readonly [K in ${key}]: Validator } = {\n${rows.join('\n')}\n};\n`;
  return `${generatedBanner}import type { Validator } from '../validation.js';
import type { EventType } from './events.js';
import type { OperationId } from './operations.js';
import type { ServiceName } from './settings.js';
import * as inputs from './input-validators.js';
import * as reading from './read-validators.js';
import * as writing from './write-validators.js';

${table('eventReaders', 'Lenient: fields they do not know are let through.', 'EventType', events.map(({ type, dataTitle }) => `  '${type}': reading.${dataTitle},`))}
${table('eventWriters', 'Strict: a field that is not in the contract is refused.', 'EventType', events.map(({ type, dataTitle }) => `  '${type}': writing.${dataTitle},`))}
${table('inputValidators', 'Strict, and fills defaults into the input.', 'OperationId', operations.map(({ operationId, inputTitle }) => `  ${operationId}: inputs.${inputTitle},`))}
${table('settingsValidators', 'Strict, and fills defaults into the settings.', 'ServiceName', settings.map(({ service, title }) => `  ${quoted(service)}: inputs.${title},`))}
${table('schemaValidators', 'Strict validators of the shared schemas that asked for one with x-validator.', validated.map((title) => `'${title}'`).join(' | ') || 'never', validated.map((title) => `  ${title}: writing.${title},`))}`;
}

function importTypes(titles: string[]): string {
  const names = [...new Set(titles)].sort();
  return names.length === 0 ? '' : `import type {\n${names.map((name) => `  ${name},`).join('\n')}\n} from './types.js';\n`;
}

/** A TypeScript literal on one line, single quotes, keys bare where they can be. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return members.length === 0 ? '{}' : `{ ${members.map(([name, member]) => `${quoted(name)}: ${literal(member)}`).join(', ')} }`;
  }
  return typeof value === 'string' ? `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'` : JSON.stringify(value);
}

function quoted(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}
