import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { platformSettings, runningIn } from '@millrace/infra';

/** Whom the command talks to, and as whom. */
export interface Profile {
  gatewayUrl: string;
  token: string;
}

/**
 * The gateway of MILLRACE_URL, else of the platform that runs in MILLRACE_HOME (default `.millrace` of the clone);
 * the token of MILLRACE_TOKEN, else that home's admin token.
 * @throws MillraceError `unauthenticated` when there is no token
 */
export async function readProfile(environment: NodeJS.ProcessEnv): Promise<Profile> {
  const settings = platformSettings(environment);
  const running = await runningIn(settings.home);
  const gatewayUrl = environment['MILLRACE_URL'] ?? `http://127.0.0.1:${(running?.ports ?? settings.ports).gateway}`;
  return { gatewayUrl: gatewayUrl.replace(/\/$/, ''), token: environment['MILLRACE_TOKEN'] ?? adminToken(settings.home) };
}

function adminToken(home: string): string {
  const file = join(resolve(home), 'secrets/admin-token');
  if (!existsSync(file)) throw new MillraceError('unauthenticated', `There is no token: ${file} does not exist (start Millrace by \`npm start\`), and MILLRACE_TOKEN is not set.`);
  return readFileSync(file, 'utf8').trim();
}
