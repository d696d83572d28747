import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { java, prepareKafka } from './prepare-kafka.mjs';
import { requireJavaAndMaven, requirePython } from './prerequisites.mjs';
import { digestOf, node24, root, toolchain } from './places.mjs';
import { runCommand } from './run-command.mjs';
import { Sentence } from './sentence.mjs';

const trainingRequirements = 'services/training/python/requirements.txt';
const strangerRequirements = 'examples/strangers/python/requirements.txt';
const strangerJava = ['pom.xml', 'src/Produce.java', 'src/Subscribe.java'].map((name) => `examples/strangers/java/${name}`);
const referenceRequirements = 'libs/testing/python/requirements.txt';

/**
 * The parts of set-up. `inputs` is a digest of what the part is made from: the part is there when its marker, written
 * last, holds the same digest and `exists` agrees. `check` names a missing prerequisite before anything begins.
 */
export const steps = {
  packages: {
    title: 'npm packages', needsMegabytes: 1500, after: [],
    inputs: () => digestOf(['package-lock.json', 'package.json']),
    exists: () => existsSync(node24),
    adopts: installedByHand,
    make: installPackages,
  },
  kafka: {
    title: "Kafka's jars", needsMegabytes: 150, after: [], check: requireJavaAndMaven,
    inputs: () => digestOf(['infra/kafka/pom.xml', 'infra/bootstrap/prepare-kafka.mjs']),
    exists: () => existsSync(join(toolchain, 'kafka/bootstrap.checkpoint')),
    make: prepareKafka,
  },
  python: {
    title: 'Python environment', needsMegabytes: 1000, after: [], check: requirePython,
    inputs: () => digestOf([trainingRequirements]),
    exists: () => existsSync(join(toolchain, 'python/bin/python')),
    make: () => makePythonEnvironment('python', trainingRequirements),
  },
  references: {
    title: 'libraries that tests compare with', needsMegabytes: 900, after: [], check: requirePython,
    inputs: () => digestOf([referenceRequirements]),
    exists: () => existsSync(join(toolchain, 'references/bin/python')),
    make: () => makePythonEnvironment('references', referenceRequirements),
  },
  strangers: {
    title: 'clients of strangers', needsMegabytes: 150, after: [], check: async () => { await requireJavaAndMaven(); await requirePython(); },
    inputs: () => digestOf([strangerRequirements, ...strangerJava]),
    exists: () => existsSync(join(toolchain, 'strangers-python/bin/python')) && existsSync(join(toolchain, 'strangers-java/classes/Subscribe.class')),
    make: () => Promise.all([makePythonEnvironment('strangers-python', strangerRequirements), makeStrangerClasses()]),
  },
  build: {
    title: 'build', needsMegabytes: 50, after: ['packages'],
    inputs: sourceDigest,
    exists: () => existsSync(join(root, 'infra/dist/main.js')),
    make: () => runCommand('build', node24, [join(root, 'node_modules/typescript/bin/tsc'), '-b']),
  },
};

/** Names of the steps among `wanted` that are still to be made. */
export function pendingSteps(wanted) {
  return wanted.filter((name) => {
    const step = steps[name];
    const marker = markerOf(name);
    if (step.exists() && existsSync(marker) && readFileSync(marker, 'utf8') === step.inputs()) return false;
    return !step.exists() || !step.adopts?.();
  });
}

/** Makes one step; its marker goes first and comes back last, so that an interrupted step is made again. */
export async function makeStep(name) {
  rmSync(markerOf(name), { force: true });
  const inputs = steps[name].inputs();
  await steps[name].make();
  markReady(name, inputs);
}

function markerOf(name) {
  return join(toolchain, `${name}.ready`);
}

function markReady(name, inputs) {
  mkdirSync(toolchain, { recursive: true });
  writeFileSync(markerOf(name), inputs);
}

async function installPackages() {
  // onnxruntime-node would fetch GPU libraries from outside the registry; the CPU's are in the package.
  await runCommand('packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { env: { ONNXRUNTIME_NODE_INSTALL: 'skip' } });
  if (!existsSync(node24)) throw new Sentence('npm installed no Node 24, because it was told to ignore install scripts; run `npm config set ignore-scripts false` and try again.');
}

/** Whether node_modules already holds what the lock file asks for, as after an `npm install` by hand. */
function installedByHand() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, { version, optional, link }]) => !path.startsWith('node_modules/') || optional || link || installed[path]?.version === version);
}

async function makePythonEnvironment(name, requirements) {
  const environment = join(toolchain, name);
  const python = join(environment, 'bin/python');
  rmSync(environment, { recursive: true, force: true });
  await runCommand(name, await requirePython(), ['-m', 'venv', environment]);
  const file = join(root, requirements);
  const options = { append: true, env: { UV_NATIVE_TLS: 'true', VIRTUAL_ENV: environment } };
  try {
    await runCommand(name, python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', 'uv==0.13.9'], options);
    await runCommand(name, join(environment, 'bin/uv'), ['pip', 'install', '-q', '--compile-bytecode', '-r', file], options);
  } catch {
    await runCommand(name, python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', file], options); // uv has no wheel here, or does not see pip's index
  }
}

/** What `mvn package` would do, into the toolchain instead of the work tree. */
async function makeStrangerClasses() {
  const [pom, ...sources] = strangerJava.map((name) => join(root, name));
  const place = join(toolchain, 'strangers-java');
  rmSync(place, { recursive: true, force: true });
  await runCommand('strangers-java', 'mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${join(place, 'lib')}`, '-DincludeScope=runtime']);
  await runCommand('strangers-java', `${java()}c`, ['-cp', join(place, 'lib/*'), '-d', join(place, 'classes'), ...sources], { append: true });
}

/** Digest of names, sizes and times of all sources: 10 ms, where asking the compiler takes seconds. */
function sourceDigest() {
  const hash = createHash('sha256').update(digestOf(['tsconfig.json', 'tsconfig.base.json', 'package-lock.json']));
  for (const directory of ['contracts', 'libs', 'services', 'infra', 'examples'].map((name) => join(root, name))) addSources(directory, hash);
  return hash.digest('hex');
}

function addSources(directory, hash) {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist' && entry.name !== 'python') addSources(path, hash);
    } else if (/\.ts$|tsconfig\.json$/.test(entry.name)) {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path} ${size} ${mtimeMs}\n`);
    }
  }
}
