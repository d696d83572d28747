import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkDigest, digestOfFile } from './digest.js';
import type { Digest } from './digest.js';

interface Options {
  directory: string;
  boundBytes: number;
  fetch: (key: string) => Promise<Readable>;
}

/** A file that was asked for within this time may still be read by its caller and is not evicted. */
const IN_USE_MS = 15 * 60 * 1000;

/** Local copies of remote objects in a directory of bounded size; the least recently used go first. Parallel requests for one object fetch it once. */
export class FetchedObjects {
  private readonly underWay = new Map<string, Promise<string>>();

  constructor(private readonly options: Options) {}

  /** Path of the copy; `digest-mismatch` when the object is not the expected one (nothing is kept then). */
  async pathOf(url: string, key: string, expected: Partial<Digest>): Promise<string> {
    const name = `${createHash('sha256').update(`${url} ${expected.sha256 ?? ''}`).digest('hex')}${extname(key)}`;
    const path = join(this.options.directory, name);
    const running = this.underWay.get(name);
    if (running) return running;
    const work = this.ensure(path, url, key, expected).finally(() => this.underWay.delete(name));
    this.underWay.set(name, work);
    return work;
  }

  private async ensure(path: string, url: string, key: string, expected: Partial<Digest>): Promise<string> {
    // An address without a digest may name other bytes by now, so that only digests are served from the copies.
    const kept = expected.sha256 === undefined ? null : await stat(path).catch(() => null);
    if (kept) {
      checkDigest(url, { sha256: expected.sha256 ?? '', sizeBytes: kept.size }, expected);
      await utimes(path, new Date(), new Date());
      return path;
    }
    await mkdir(this.options.directory, { recursive: true });
    const incoming = `${path}.${randomUUID()}`;
    try {
      await pipeline(await this.options.fetch(key), createWriteStream(incoming));
      checkDigest(url, await digestOfFile(incoming), expected);
      await rename(incoming, path);
    } finally {
      await rm(incoming, { force: true });
    }
    await this.evict();
    return path;
  }

  private async evict(): Promise<void> {
    const names = await readdir(this.options.directory);
    const files = await Promise.all(names.map(async (name) => ({ path: join(this.options.directory, name), found: await stat(join(this.options.directory, name)).catch(() => null) })));
    let totalBytes = files.reduce((sum, { found }) => sum + (found?.size ?? 0), 0);
    for (const { path, found } of files.sort((a, b) => (a.found?.mtimeMs ?? 0) - (b.found?.mtimeMs ?? 0))) {
      if (!found || totalBytes <= this.options.boundBytes || Date.now() - found.mtimeMs < IN_USE_MS) continue;
      await rm(path, { force: true });
      totalBytes -= found.size;
    }
  }
}
