import { MillraceError, settingFields, settingsOf } from '@millrace/contracts';
import { LaunchError } from './launch-error.js';
import { portSetting, services } from './platform-settings.js';
import type { Ports, ServiceName } from './platform-settings.js';

const launcherVariables = ['HOME', 'PORT_OFFSET', 'COMPACT', 'SECURE', 'SHOW_LOGS', 'TOOLCHAIN', 'PYTHON', 'URL', 'TOKEN', 'FAULT', 'LINT_FIXTURES'].map((name) => `MILLRACE_${name}`);

/**
 * Refuses a variable that looks like a setting and is none: it is a misspelling, and would be ignored in silence.
 * Variables with a service's prefix are judged with that service's settings.
 * @throws LaunchError that names each
 */
export function requireKnownVariables(environment: Readonly<Record<string, string | undefined>>, ports: Ports): void {
  const known = new Set([...launcherVariables, ...Object.keys(ports).map(portSetting), ...services.flatMap(({ name }) => Object.values(settingFields[name]).flatMap(({ env }) => env))]);
  const unknown = Object.keys(environment).filter((variable) => variable.startsWith('MILLRACE_') && !variable.startsWith('MILLRACE_TEST_') && !known.has(variable));
  if (unknown.length > 0) throw new LaunchError(`${unknown.join(', ')}: no such setting; infra/README.md and the services' pages list those that there are.`);
}

/** @throws LaunchError in one sentence with everything that is wrong in a service's settings */
export function requireUsableSettings(service: ServiceName, environment: Readonly<Record<string, string | undefined>>): void {
  try {
    settingsOf(service, environment);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    throw new LaunchError(`${service} cannot be started with these settings: ${error.message}.`);
  }
}
