import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './toolchain.js';

const run = promisify(execFile);
const fixtures = ['libs/decisions/lint-fixture/impure-decision.ts', 'services/registry/lint-fixture/reaches-across.ts', 'libs/runtime/lint-fixture/past-the-port.ts'];

interface LintResult {
  filePath: string;
  messages: { ruleId: string; message: string }[];
}

describe('the lint rules', () => {
  let faults: Record<string, string[]>;
  beforeAll(async () => {
    const env = { ...process.env, MILLRACE_LINT_FIXTURES: '1', NODE_OPTIONS: '' };
    const node = (program: string, ...args: string[]): Promise<{ stdout: string }> => run(process.execPath, [join(projectRoot, program), ...args], { cwd: projectRoot, env, maxBuffer: 1e7 });
    await node('node_modules/nx/dist/bin/nx.js', 'show', 'projects'); // without a project graph the boundary rule skips itself
    const { stdout } = await node('node_modules/eslint/bin/eslint.js', '--format', 'json', ...fixtures).catch((error: { stdout: string }) => error);
    const results = JSON.parse(stdout) as LintResult[];
    faults = Object.fromEntries(results.map(({ filePath, messages }) => [relative(projectRoot, filePath), messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)]));
  }, 120_000);

  it('reject a decision that reads files, the clock, randomness or the environment, or knows the runtime', () => {
    const text = faults[fixtures[0] ?? '']?.join('\n');
    expect(text).toContain("no-restricted-imports: 'node:fs'");
    expect(text).toContain('@nx/enforce-module-boundaries: A project tagged with "type:decision" can only depend on libs tagged with "type:contracts"');
    expect(text?.match(/Time is an argument/g)).toHaveLength(2);
    expect(text).toContain('Randomness is an argument');
    expect(text).toContain("no-restricted-globals: Unexpected use of 'process'");
  });

  it('reject a service that uses another service or the Kafka client, drops a promise or exports a default', () => {
    const text = faults[fixtures[1] ?? '']?.join('\n');
    expect(text).toContain("no-restricted-imports: 'kafkajs'");
    expect(text).toContain('@nx/enforce-module-boundaries');
    expect(text).toContain('no-floating-promises');
    expect(text).toContain('Exports have names');
  });

  it('reject a Kafka client in the chassis outside of its folder', () => {
    const text = faults[fixtures[2] ?? '']?.join('\n');
    expect(text).toContain("no-restricted-imports: 'kafkajs'");
    expect(text).toContain("no-restricted-imports: '@platformatic/kafka'");
  });
});
