import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const LINES_AT_ONCE = 500;

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
  write(name: string, content: string | Uint8Array): Promise<void> {
    return this.replace(name, (path) => writeFile(path, content));
  }

  /** The same with one JSON value per line, in portions, so that answers need not wait for the whole. */
  writeLines(name: string, values: Iterable<unknown>): Promise<void> {
    return this.replace(name, async (path) => {
      const file = await open(path, 'w');
      try {
        const lines: string[] = [];
        for (const value of values) {
          lines.push(JSON.stringify(value));
          if (lines.length === LINES_AT_ONCE) await file.write(`${lines.splice(0).join('\n')}\n`);
        }
        await file.write(lines.join('\n'));
      } finally {
        await file.close();
      }
    });
  }

  private async replace(name: string, write: (path: string) => Promise<void>): Promise<void> {
    if (this.path === undefined) return;
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    const incoming = `${path}.${randomUUID()}`;
    await write(incoming);
    await rename(incoming, path);
  }
}
