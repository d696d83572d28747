import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logs, root } from './places.mjs';
import { Sentence } from './sentence.mjs';

const running = new Set();

/** Runs a command to its end with its output in `.toolchain/logs/<log>.log`; the log's last lines are in the error. */
export function runCommand(log, command, args, { cwd = root, env = {}, append = false } = {}) {
  mkdirSync(logs, { recursive: true });
  const file = join(logs, `${log}.log`);
  const out = createWriteStream(file, { flags: append ? 'a' : 'w' });
  out.write(`$ ${command} ${args.join(' ')}\n`);
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.stdout.pipe(out, { end: false });
    child.stderr.pipe(out, { end: false });
    child.on('error', (error) => fail(new Sentence(`${command} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      running.delete(child);
      out.end(() => (code === 0 ? done() : fail(new Sentence(`${command} ended with ${signal ?? `exit code ${code}`}; the end of ${file}:\n${tailOf(file)}`))));
    });
  });
}

/** Ends every command that still runs, so that a failed or interrupted set-up leaves nothing behind. */
export function stopCommands() {
  for (const child of running) child.kill('SIGTERM');
}

function tailOf(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).map((line) => `    ${line}`).join('\n');
}
