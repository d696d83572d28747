import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './toolchain.js';

const run = promisify(execFile);

describe('the bootstrap', () => {
  let directory: string;
  let programs: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bootstrap-'));
    programs = join(directory, 'bin');
    mkdirSync(programs);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  /** Runs a command with an empty tool chain and only the given programs in PATH. */
  async function bootstrap(command: string): Promise<string> {
    const env = { PATH: programs, MILLRACE_TOOLCHAIN: join(directory, 'toolchain') };
    const { stdout, stderr } = await run(process.execPath, [join(projectRoot, 'infra/bootstrap.mjs'), command], { env }).catch((error: { stdout: string; stderr: string }) => error);
    return (stdout + stderr).trim();
  }

  const java17 = 'echo \'openjdk version "17.0.1"\'';

  it.each([
    ['that Java is missing', {}, /^Java is missing: Kafka needs Java 17 or newer; install it by .*\.$/],
    ['that Java is too old', { java: 'echo \'openjdk version "11.0.2"\'' }, /^Java 11 is too old: Kafka needs Java 17 or newer; .*\.$/],
    ['that Maven is missing', { java: java17 }, /^Maven \(mvn\) is missing: it brings Kafka's jars; install it by .*\.$/],
    ['that Python is missing', { java: java17, mvn: 'true' }, /^Python 3\.11 or newer is missing: .*\.$/],
    ['that Python is too old', { java: java17, mvn: 'true', python3: 'echo Python 3.9' }, /^Python 3\.11 or newer is missing: .*\.$/],
    ['that Python has no venv', { java: java17, mvn: 'true', python3: 'case "$2" in *version*) echo Python 3.12;; *) exit 1;; esac' }, /^python3 \(3\.12\) has no module venv; install it by `apt install python3-venv`\.$/],
  ])('says in one sentence %s', async (_, scripts, sentence) => {
    for (const [name, script] of Object.entries(scripts)) program(name, script);
    expect(await bootstrap('setup')).toMatch(sentence);
  }, 20_000);

  it('names its commands when it does not know one', async () => {
    expect(await bootstrap('launch')).toMatch(/^Millrace has no command "launch"; there are: setup, start, /);
  });

  it('says that a closed directory cannot be written, and what to do', async () => {
    writeFileSync(join(directory, 'toolchain'), 'a file where the directory should be');
    expect(await bootstrap('setup')).toMatch(/^Millrace cannot write to .*toolchain \(EEXIST\); clone it to a directory of your own, or make that one writable for you\.$/);
  });

  it('says that the disk has too little room for set-up, and what to do', async () => {
    const moreThanAnyDisk = 1e12;
    const script = `import { requireRoom } from ${JSON.stringify(join(projectRoot, 'infra/bootstrap/prerequisites.mjs'))}; try { requireRoom(${moreThanAnyDisk}) } catch ({ message }) { console.log(message) }`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: { MILLRACE_TOOLCHAIN: join(directory, 'toolchain') } });
    expect(stdout.trim()).toMatch(/^The disk of .*toolchain has \d+ MB free and set-up needs 1000000000000 MB; free some, or move the clone\.$/);
  });
});
