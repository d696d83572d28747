import { execFile } from 'node:child_process';

/** Runs the `millrace` command as a person would paste it, and shows it and its answer. */
export class CommandLine {
  private readonly environment: NodeJS.ProcessEnv;
  private readonly say: (line: string) => void;

  constructor(environment: NodeJS.ProcessEnv, say: (line: string) => void) {
    this.environment = environment;
    this.say = say;
  }

  async show(parameters: string[]): Promise<void> {
    this.say(`   $ npx millrace ${parameters.join(' ')}`);
    for (const line of (await this.output(parameters)).trimEnd().split('\n')) this.say(`     ${line}`);
  }

  output(parameters: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(process.execPath, ['libs/cli/bin/millrace.mjs', ...parameters], { env: this.environment, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`millrace ${parameters.join(' ')} failed: ${stderr || stdout || error.message}`));
        else resolve(stdout);
      });
    });
  }
}
