// What `npm start`, `npm test` and the other commands call on a fresh clone: sets up what is missing, then runs the
// command under the project's own Node 24. Plain Node 20 without packages, because nothing is installed yet.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node24, root } from './bootstrap/places.mjs';
import { requireNode } from './bootstrap/prerequisites.mjs';
import { Sentence } from './bootstrap/sentence.mjs';
import { setUp } from './bootstrap/set-up.mjs';

const everything = ['packages', 'kafka', 'python', 'build'];
const withReferences = [...everything, 'references'];
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules/jest/bin/jest.js')];
const launcher = join(root, 'infra/dist/main.js');

/** Each command: what must be set up, and what Node 24 then runs (nothing: set-up was all). */
const commands = {
  setup: { needs: everything },
  start: { needs: everything, run: [launcher, 'start'] },
  demo: { needs: everything, run: [join(root, 'examples/flight-delays/demo/run.ts')] },
  status: { needs: ['packages', 'build'], run: [launcher, 'status'] },
  'kafka-user': { needs: ['packages', 'build'], run: [launcher, 'kafka-user'] },
  'kafka-access': { needs: ['packages', 'build'], run: [launcher, 'kafka-access'] },
  doctor: { needs: ['packages', 'build'], run: [launcher, 'doctor'] },
  reset: { needs: ['packages', 'build'], run: [launcher, 'reset'] },
  bench: { needs: withReferences, run: [join(root, 'bench/run.ts')] },
  test: { needs: [...withReferences, 'strangers'], run: jest },
  'test:faults': { needs: everything, run: [join(root, 'test/faults/main.ts')] },
  'test:outage': { needs: everything, run: [join(root, 'test/faults/outage-main.ts')] },
  'test:unit': { needs: ['packages'], run: [...jest, '--maxWorkers=100%', '--testPathPatterns', '\\.(unit|prop)\\.spec\\.ts$'] },
};

try {
  requireNode();
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) throw new Sentence(`Millrace has no command "${name}"; there are: ${Object.keys(commands).join(', ')}.`);
  await setUp(command.needs);
  if (command.run) process.exitCode = await underNode24([...command.run, ...args]);
} catch (error) {
  console.error(error instanceof Sentence ? error.message : error);
  process.exitCode = 1;
}

/** Hands signals on; a signal that the terminal sent to both of us arrives twice, which the launcher expects. The warning is about kafkajs. */
function underNode24(args) {
  const child = spawn(node24, ['--disable-warning=TimeoutNegativeWarning', ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: `${join(node24, '..')}:${process.env.PATH}` } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
