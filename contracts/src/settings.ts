import { settingFields } from './generated/settings.js';
import type { ServiceName, ServiceSettings } from './generated/settings.js';
import { settingsValidators } from './generated/validators.js';
import { MillraceError } from './millrace-error.js';
import { valueOfText } from './value-of-text.js';
import { flawsOf } from './validation.js';

/** Where a setting comes from. */
export interface SettingField {
  /** Environment variables, the first one set wins. */
  env: readonly string[];
  /** JSON type. */
  type: string;
  required: boolean;
  /** Whether every service has it. */
  common: boolean;
  default?: unknown;
}

/**
 * A service's settings from environment variables, defaults filled. Strict: a variable that begins with the service's
 * prefix and is not a setting is refused, as it is a misspelling. Throws `invalid-settings` with every flaw at once.
 */
export function settingsOf<S extends ServiceName>(service: S, environment: Readonly<Record<string, string | undefined>>): ServiceSettings[S] {
  const fields = Object.entries(settingFields[service]);
  const given = fields.flatMap(([name, { env, type }]) => {
    const variable = env.find((candidate) => environment[candidate] !== undefined);
    return variable === undefined ? [] : [[name, valueOfText(environment[variable] ?? '', type)] as const];
  });
  const settings = Object.fromEntries(given);
  const flaws = flawsOf(settingsValidators[service], settings);
  const problems = [...flaws.map(({ path, message }) => sentence(path, message, settingFields[service])), ...unknownVariables(service, environment)];
  if (problems.length > 0) throw new MillraceError('invalid-settings', problems.join('; '), { service, problems });
  return settings as unknown as ServiceSettings[S];
}

function sentence(path: string, message: string, fields: Readonly<Record<string, SettingField>>): string {
  const missing = /^missing field "(.+)"$/.exec(message)?.[1];
  const name = missing ?? path.split('/')[1] ?? '';
  const variable = fields[name]?.env[0] ?? name;
  return missing ? `${variable} is required` : `${variable} ${message}`;
}

function unknownVariables(service: ServiceName, environment: Readonly<Record<string, string | undefined>>): string[] {
  const prefix = `MILLRACE_${service.replaceAll('-', '_').toUpperCase()}_`;
  const known = new Set(Object.values(settingFields[service]).flatMap(({ env }) => env));
  return Object.keys(environment)
    .filter((variable) => variable.startsWith(prefix) && !known.has(variable))
    .map((variable) => `${variable} is not a setting of ${service}`);
}
