import type { ParseArgsOptionsConfig } from 'node:util';
import type { ApiClient } from './api-client.js';

export interface CommandContext {
  api: ApiClient;
  environment: NodeJS.ProcessEnv;
  /** Words after the command's name. */
  words: string[];
  options: Readonly<Record<string, string | boolean | undefined>>;
  /** Prints one line, or several. */
  print(text: string): void;
}

export interface Command {
  /** One or two words: `apply`, `audit verify`. */
  name: string;
  /** What follows the name. */
  usage: string;
  summary: string;
  options?: ParseArgsOptionsConfig;
  /**
   * @returns what `--json` prints instead of text, or nothing
   * @throws MillraceError, printed in words; the exit code is 1 then
   */
  run(context: CommandContext): Promise<unknown>;
}
