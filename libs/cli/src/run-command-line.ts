import { parseArgs } from 'node:util';
import { MillraceError } from '@millrace/contracts';
import { ApiClient } from './api-client.js';
import type { Command, CommandContext } from './command.js';
import { commandTable } from './command-table.js';
import { readProfile } from './profile.js';

/**
 * Runs one command line and answers with its exit code. Errors are sentences on standard error.
 * @param words the words after `millrace`
 */
export async function runCommandLine(words: string[], environment: NodeJS.ProcessEnv, print: (text: string) => void, complain: (text: string) => void): Promise<number> {
  const command = commandOf(words);
  if (command === undefined) {
    const asked = words.length === 0 || words[0] === 'help' || words[0] === '--help';
    (asked ? print : complain)(asked ? helpText() : `Millrace has no command "${words.slice(0, 2).join(' ')}"; \`millrace help\` lists them.`);
    return asked ? 0 : 2;
  }
  if (words.includes('--help')) {
    print(`millrace ${command.name} ${command.usage}\n${command.summary}`);
    return 0;
  }
  try {
    const { values, positionals } = parseArgs({ args: words.slice(command.name.split(' ').length), options: { ...command.options, json: { type: 'boolean' } }, allowPositionals: true });
    const json = values['json'] === true;
    const context = contextOf(environment, positionals, values as CommandContext['options'], json ? () => undefined : print);
    const answer = await command.run(context);
    if (json && answer !== undefined) print(JSON.stringify(answer, null, 2));
    return Number(process.exitCode ?? 0);
  } catch (error) {
    complain(sentenceOf(error, command));
    return 1;
  }
}

/** The profile is read when the API is first used: `topics` and `doctor` need none. */
function contextOf(environment: NodeJS.ProcessEnv, words: string[], options: CommandContext['options'], print: CommandContext['print']): CommandContext {
  return { environment, words, options, print, api: new ApiClient(() => readProfile(environment)) };
}

function commandOf(words: readonly string[]): Command | undefined {
  return commandTable.find(({ name }) => name === words.slice(0, 2).join(' ')) ?? commandTable.find(({ name }) => name === words[0]);
}

function helpText(): string {
  const widest = Math.max(...commandTable.map(({ name }) => name.length));
  const lines = commandTable.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`);
  return ['millrace <command> [--json]', '', ...lines, '', 'The platform in MILLRACE_HOME (default .millrace) is meant, or that of MILLRACE_URL with MILLRACE_TOKEN.', '`millrace <command> --help` says what a command takes.'].join('\n');
}

/** What happened, every flaw, what to do, and the trace that operators find it by. */
function sentenceOf(error: unknown, command: Command): string {
  if (error instanceof MillraceError) {
    const flaws = Array.isArray(error.fields['errors']) ? (error.fields['errors'] as { path?: string; message?: string }[]).map(({ path, message }) => `  ${path ?? ''}: ${message ?? ''}`) : [];
    const todo = typeof error.fields['todo'] === 'string' ? [error.fields['todo']] : [];
    const trace = typeof error.fields['traceId'] === 'string' ? [`Trace ${error.fields['traceId']}`] : [];
    return [error.detail, ...flaws, ...todo, ...trace].join('\n');
  }
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS') === true) return `${message}\nUsage: millrace ${command.name} ${command.usage}`;
  return code === undefined ? (stack ?? message) : message;
}
