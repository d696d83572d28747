// Everything that must hold before a change is taken: lint, types, contracts, tests. The last line is `N passed, N failed`,
// counted over test cases; a check that fails and a test file that cannot run count as one failed each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const reports = mkdtempSync(join(tmpdir(), 'millrace-ci-'));
const report = join(reports, 'jest.json');
process.env.CI = 'true';
process.env.PATH = `${join(root, 'node_modules/node/bin')}:${process.env.PATH}`;

const checks = [
  ['set-up', 'node', ['infra/bootstrap.mjs', 'setup']],
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['types', 'npm', ['run', '--silent', 'types']],
  ['contracts', 'npm', ['run', '--silent', 'contracts:check']],
];

let failed = 0;
for (const [name, command, args] of checks) {
  const startedAt = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed += 1;
  console.log(`${name}: ${status === 0 ? 'passed' : 'FAILED'} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

const tests = spawnSync('npm', ['test', '--silent', '--', '--ci', '--json', `--outputFile=${report}`], { cwd: root, stdio: ['inherit', 'ignore', 'inherit'] });
const counts = readCounts();
rmSync(reports, { recursive: true, force: true });
failed += counts.failed;
if (failed === 0 && tests.status !== 0) failed = 1; // jest itself failed, for example in its tear-down
console.log(`${counts.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
