import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from './run-command-line.js';

describe('the millrace command', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'cli-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  async function millrace(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCommandLine(words, { MILLRACE_HOME: directory }, (text) => out.push(text), (text) => err.push(text));
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  it('names every mistake of a pipeline file with its line, without a running platform', async () => {
    const file = join(directory, 'pipeline.yaml');
    writeFileSync(file, 'pipeline: flights\npredikt: { dataSet: flights }\n');
    const { code, err } = await millrace('apply', '-f', file);
    expect(code).toBe(1);
    expect(err).toMatch(/pipeline\.yaml:2:1 {2}predikt: .*/);
    expect(err).toMatch(/\d+ mistakes; nothing was applied\.$/);
  });

  it('says how to get a token when there is none', async () => {
    expect((await millrace('pipelines')).err).toMatch(/^There is no token: .*admin-token does not exist \(start Millrace by `npm start`\)/);
  });

  it('says that nothing answers, and where', async () => {
    const [out, err] = [[] as string[], [] as string[]];
    await runCommandLine(['pipelines'], { MILLRACE_URL: 'http://127.0.0.1:9', MILLRACE_TOKEN: 'mr_x' }, (text) => out.push(text), (text) => err.push(text));
    expect(err[0]).toMatch(/^Nothing answers at http:\/\/127\.0\.0\.1:9; start Millrace/);
  });

  it('shows the usage after an option that it does not know', async () => {
    const { code, err } = await millrace('apply', '--fast');
    expect(code).toBe(1);
    expect(err).toMatch(/Unknown option '--fast'[^]*Usage: millrace apply -f pipeline\.yaml/);
  });

  it('refuses an id of a wrong form', async () => {
    expect((await millrace('runs', 'list', 'a/b/c')).err).toBe('"a/b/c" is not the id of a pipeline: <project>/<name>.');
  });

  it('prints help, and a hint after an unknown command', async () => {
    expect((await millrace('help')).out).toContain('audit verify');
    expect(await millrace('launch')).toMatchObject({ code: 2, err: 'Millrace has no command "launch"; `millrace help` lists them.' });
  });
});
