import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Definitions } from './definitions.ts';
import { readEvents } from './read-events.ts';
import { readOperations } from './read-operations.ts';
import { readSettings } from './read-settings.ts';
import { readTopics } from './read-topics.ts';
import type { ErrorSource, Sources } from './sources.ts';

const statusOfKind: Record<string, number> = { invalid: 422, forbidden: 403, 'not-found': 404, conflict: 409, unavailable: 503, internal: 500 };

/** Reads everything under `contracts/` that people write. Never throws for a bad source: `complaints` says what is wrong. */
export function readSources(root: string): Sources {
  const definitions = new Definitions(root);
  const events = readEvents(root, definitions);
  const operations = readOperations(root, definitions);
  const settings = readSettings(root, definitions);
  const errors = readErrors(root, definitions);
  const topics = readTopics(root, definitions);
  complainAboutRepeats('operationId', operations.map(({ operationId }) => operationId), definitions);
  complainAboutRoles(root, operations, definitions);
  const { schemas, validated, complaints } = definitions;
  return { definitions: schemas, validated, events, operations, settings, errors, topics, complaints };
}

function readErrors(root: string, definitions: Definitions): ErrorSource[] {
  const file = join(root, 'errors.yaml');
  const entries = parse(readFileSync(file, 'utf8')) as Record<string, { kind: string; title: string; do: string; status?: number }>;
  return Object.entries(entries).map(([code, entry]) => {
    if (!/^[a-z][a-z-]*$/.test(code)) definitions.complain(file, `code ${code} is not kebab-case`);
    if (!(entry.kind in statusOfKind)) definitions.complain(file, `code ${code} has the unknown kind ${entry.kind}`);
    if (!entry.title || !entry.do) definitions.complain(file, `code ${code} needs a title and what to do`);
    return { code, kind: entry.kind, title: entry.title, todo: entry.do, status: entry.status ?? statusOfKind[entry.kind] ?? 500 };
  });
}

function complainAboutRepeats(what: string, names: string[], definitions: Definitions): void {
  for (const name of names.filter((one, index) => names.indexOf(one) !== index)) {
    definitions.complaints.push(`${what} ${name} is used twice`);
  }
}

/** Every `x-role` is one of those listed in `schemas/role.json`. */
function complainAboutRoles(root: string, operations: Sources['operations'], definitions: Definitions): void {
  const roles = definitions.schemas['Role']?.enum ?? [];
  for (const { roles: needed, operationId } of operations) {
    for (const role of needed.filter((one) => !roles.includes(one))) definitions.complain(join(root, 'schemas', 'role.json'), `does not list the role ${role} of ${operationId}`);
  }
}
