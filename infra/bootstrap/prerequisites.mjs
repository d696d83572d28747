import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { promisify } from 'node:util';
import { java } from './prepare-kafka.mjs';
import { root, toolchain } from './places.mjs';
import { Sentence } from './sentence.mjs';

const run = promisify(execFile);
const oldest = { node: 20, java: 17, python: [3, 11] };

/** @throws {Sentence} when this Node is too old to go on */
export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) < oldest.node) {
    throw new Sentence(`Node ${process.versions.node} is too old: Millrace needs Node ${oldest.node} or newer to start (it brings its own Node 24 along); get it from https://nodejs.org.`);
  }
}

/** @throws {Sentence} when the clone's directory cannot be written, or its disk has less room than the missing parts take */
export function requireRoom(neededMegabytes) {
  try {
    accessSync(root, constants.W_OK);
    mkdirSync(toolchain, { recursive: true });
  } catch (error) {
    throw new Sentence(`Millrace cannot write to ${error.path ?? root} (${error.code}); clone it to a directory of your own, or make that one writable for you.`);
  }
  const { bavail, bsize } = statfsSync(toolchain);
  const freeMegabytes = Math.floor((bavail * bsize) / 1e6);
  if (freeMegabytes < neededMegabytes) throw new Sentence(`The disk of ${toolchain} has ${freeMegabytes} MB free and set-up needs ${neededMegabytes} MB; free some, or move the clone.`);
}

/** @throws {Sentence} when Java is missing or older than 17, or Maven is missing */
export async function requireJavaAndMaven() {
  const version = await output(java(), ['-version']);
  const how = 'install it by `apt install openjdk-17-jdk-headless maven` or `brew install openjdk@17 maven`';
  if (version === undefined) throw new Sentence(`Java is missing: Kafka needs Java ${oldest.java} or newer; ${how}.`);
  const major = Number(/version "(\d+)/.exec(version)?.[1] ?? 0);
  if (major < oldest.java) throw new Sentence(`Java ${major} is too old: Kafka needs Java ${oldest.java} or newer; ${how}, or point JAVA_HOME to one.`);
  if ((await output('mvn', ['-v'])) === undefined) throw new Sentence(`Maven (mvn) is missing: it brings Kafka's jars; ${how}.`);
}

/** @returns the command of a Python that is new enough and has venv @throws {Sentence} when there is none */
export async function requirePython() {
  const wanted = oldest.python.join('.');
  for (const command of [process.env.MILLRACE_PYTHON, 'python3', 'python3.13', 'python3.12', 'python3.11', 'python'].filter(Boolean)) {
    const version = await output(command, ['-c', 'import sys; print("Python %d.%d" % sys.version_info[:2])']);
    const [major, minor] = /^Python (\d+)\.(\d+)/.exec(version ?? '')?.slice(1).map(Number) ?? [0, 0];
    if (major !== oldest.python[0] || minor < oldest.python[1]) continue;
    if ((await output(command, ['-c', 'import venv, ensurepip'])) === undefined) {
      throw new Sentence(`${command} (${major}.${minor}) has no module venv; install it by \`apt install python3-venv\`.`);
    }
    return command;
  }
  throw new Sentence(`Python ${wanted} or newer is missing: models are trained with it; install it by \`apt install python3 python3-venv\` or \`brew install python@3.12\`, or name one in MILLRACE_PYTHON.`);
}

/** Standard output and error of a command, or undefined when it is missing or fails. */
async function output(command, args) {
  if (command.includes('/') && !existsSync(command)) return undefined;
  const result = await run(command, args, { timeout: 30_000 }).catch(() => undefined);
  return result && result.stdout + result.stderr;
}
