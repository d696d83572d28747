import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LaunchError } from './launch-error.js';
import { postgresPointerFile } from './postgres-places.js';
import { runningIn } from './run-file.js';

/** What a home of ours holds; anything else in the directory is not ours to delete. */
const contents = ['kafka', 'postgres', 'objects', 'secrets', 'logs', 'run', 'run.json', 'training', 'inference', 'postgres-lies-at'];

/**
 * Deletes all state of a home and of the demo's home in it, also Postgres' data when it had to lie elsewhere. Files that Millrace did not make are left.
 * @returns one sentence that says what was done
 * @throws LaunchError while Millrace runs in it
 */
export async function resetHome(home: string): Promise<string> {
  const running = await runningIn(home);
  if (running !== undefined) throw new LaunchError(`Millrace runs in ${home} (process ${running.pid}); stop it by Ctrl-C there before you wipe its state.`);
  if (!existsSync(home)) return `There is nothing to wipe: ${home} does not exist.`;
  const pointer = postgresPointerFile(home);
  if (existsSync(pointer)) removeFarPostgres(readFileSync(pointer, 'utf8').trim());
  const demo = join(home, 'demo');
  if (existsSync(demo)) await resetHome(demo);
  for (const name of contents) rmSync(join(home, name), { recursive: true, force: true });
  if (readdirSync(home).length === 0) rmdirSync(home);
  return `Wiped all state in ${home}; the next start begins with an empty platform (set-up in .toolchain is kept).`;
}

/** The pointer is a plain file that anybody may have written: only a path of the form that we make is followed. */
function removeFarPostgres(data: string): void {
  const directory = dirname(data);
  if (basename(data) === 'postgres' && /^home-[0-9a-f]{16}$/.test(basename(directory))) rmSync(directory, { recursive: true, force: true });
}
