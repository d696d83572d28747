import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The directory in which a process keeps what it needs to answer after a restart while everything else is away. Without a path nothing is kept. */
export class StateDirectory {
  constructor(private readonly path: string | undefined) {}

  get isKept(): boolean {
    return this.path !== undefined;
  }

  /** Undefined when there is no such file or nothing is kept. */
  async read(name: string): Promise<Buffer | undefined> {
    if (this.path === undefined) return undefined;
    return readFile(join(this.path, name)).catch(() => undefined);
  }

  /** Writes or replaces a file; a crash leaves the old one or the new one. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    if (this.path === undefined) return;
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    const incoming = `${path}.${randomUUID()}`;
    await writeFile(incoming, content);
    await rename(incoming, path);
  }
}
