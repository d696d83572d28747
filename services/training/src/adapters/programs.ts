import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const listing = `import importlib.metadata as m, sys
print('python ' + sys.version.split()[0])
print('\\n'.join(sorted({d.metadata['Name'].lower() + '==' + d.version for d in m.distributions()})))`;

/** The programs that training commands may use: the Python environment of the settings first, then the PATH of this service. */
export class Programs {
  readonly path: string;
  #lock: Promise<string> | undefined;

  /** @param pythonDirectory directory with the programs of a Python environment, such as `.venv/bin` */
  constructor(pythonDirectory: string | undefined, servicePath: string) {
    this.path = [pythonDirectory, servicePath].filter(Boolean).join(delimiter);
  }

  /** Whether a program can be started by its name or absolute path. */
  has(program: string): boolean {
    if (program === '') return false;
    const candidates = isAbsolute(program) ? [program] : this.path.split(delimiter).map((directory) => join(directory, program));
    return candidates.some(isExecutable);
  }

  /** The environment as text, one package and version a line; `no python` where there is none. Asked once. */
  lock(): Promise<string> {
    this.#lock ??= this.#readLock();
    return this.#lock;
  }

  /** SHA-256 of `lock`, hex. */
  async lockSha256(): Promise<string> {
    return createHash('sha256').update(await this.lock()).digest('hex');
  }

  async #readLock(): Promise<string> {
    if (!this.has('python3')) return 'no python\n';
    const { stdout } = await promisify(execFile)('python3', ['-c', listing], { env: { PATH: this.path } });
    return stdout;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}
