import type { JsonSchema } from './json-schema.ts';
import type { EventSource, Sources } from './sources.ts';

/** `REPORT.md`: what is public, on one page, so that a change of it shows in the diff. */
export function writeReport(sources: Sources): string {
  const services = [...new Set(sources.events.map(({ service }) => service))];
  const events = services.flatMap((service) => [
    `## Events of ${service}\n`,
    ...sources.events.filter((event) => event.service === service).map((event) => eventSection(event, sources)),
  ]);
  return [
    '# Contracts report\n\nWritten by `npm run contracts`. Do not edit. Events, HTTP operations, settings and error codes.\n',
    ...events,
    operationsTable(sources),
    settingsTable(sources),
    errorsTable(sources),
  ].join('\n');
}

function eventSection(event: EventSource, { definitions }: Sources): string {
  const data = definitions[event.dataTitle] ?? {};
  const rows = Object.entries(data.properties ?? {}).map(
    ([name, schema]) => `| ${name}${data.required?.includes(name) ? '' : '?'} | ${typeOf(schema)} | ${cell(schema.description ?? definitions[typeOf(schema)]?.description ?? '')} |`,
  );
  return `### ${event.type}

${event.schema.description ?? ''}

Topic \`${event.topic}\` · key \`${event.key}\` · from ${event.service} · to ${event.consumers.join(', ') || 'nobody yet'}${event.retention === 'delete' ? '' : ` · ${event.retention}`}

| field | type | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function operationsTable({ operations }: Sources): string {
  const rows = operations.map(
    (one) => `| ${one.service} | ${one.operationId} | ${one.method} ${cell(one.path)} | ${one.roles.join(', ')} | ${one.inputTitle} | ${one.outputTitle ?? one.produces ?? ''} |`,
  );
  return `## HTTP operations\n\n| service | operation | request | role | input | output |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function settingsTable({ settings }: Sources): string {
  const rows = settings.flatMap(({ service, schema, fields }) =>
    Object.entries(fields)
      .filter(([, { common }]) => !common)
      .map(([name, field]) => `| ${service} | ${name} | ${field.env.join(' or ')} | ${defaultOf(field)} | ${cell(schema.properties?.[name]?.description ?? '')} |`),
  );
  const first = settings[0];
  const shared = Object.entries(first?.fields ?? {})
    .filter(([, { common }]) => common)
    .map(([name, field]) => `| every service | ${name} | ${field.env[1]} | ${defaultOf(field)} | ${cell(first?.schema.properties?.[name]?.description ?? '')} |`);
  return `## Settings\n\nA common setting can be set for one service as \`MILLRACE_<SERVICE>_<SETTING>\`.\n\n| service | setting | variable | default | meaning |\n|---|---|---|---|---|\n${[...shared, ...rows].join('\n')}\n`;
}

function defaultOf({ default: value, required }: Sources['settings'][number]['fields'][string]): string {
  return value === undefined ? (required ? 'required' : 'none') : `\`${JSON.stringify(value)}\``;
}

function errorsTable({ errors }: Sources): string {
  const rows = errors.map(({ code, kind, title, todo, status }) => `| ${code} | ${kind} | ${status} | ${cell(title)} | ${cell(todo)} |`);
  return `## Error codes\n\n| code | kind | status | title | what to do |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return schema.$ref.replace('#/$defs/', '');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.type === 'array') return `${typeOf(schema.items ?? {})}[]`;
  if (schema.oneOf ?? schema.anyOf) return (schema.oneOf ?? schema.anyOf ?? []).map(typeOf).join(' or ');
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
  return schema.format ? `${type} (${schema.format})` : type;
}

function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
