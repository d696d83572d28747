import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MillraceError } from '@millrace/contracts';
import { checkDigest } from './digest.js';
import { fileStoreError } from './file-store-error.js';
import { checkedObjectKey } from './object-key.js';
import type { ListedObject, ObjectStore } from './object-store.js';

/** Unfinished writes live here; keys cannot begin with a dot, so that a listing never meets them. */
const INCOMING = '.incoming';
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Objects as files below one directory. A write is a temporary file, fsync, then link (create) or rename (replace), then fsync of the directory. */
export class FileObjectStore implements ObjectStore {
  readonly rootUrl: string;
  private readonly root: string;
  private prepared: Promise<void> | undefined;
  /** Whether the store's own folder was seen: from then on its absence means that the store is away, as after a lost mount, and not that it is new. */
  private wasSeen = false;

  constructor(root: string) {
    this.root = resolve(root);
    this.rootUrl = pathToFileURL(this.root).href;
  }

  async put(key: string, body: Uint8Array | Readable): Promise<void> {
    const path = this.pathOf(key);
    await this.write(path, body, async (incoming) => {
      await rename(incoming, path);
      return true;
    });
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    const path = this.pathOf(key);
    return this.write(path, body, (incoming) => linkIfAbsent(incoming, path));
  }

  async get(key: string): Promise<Uint8Array> {
    return (await this.ifThere(key, () => readFile(this.pathOf(key)))) ?? this.missing(key);
  }

  async getStream(key: string): Promise<Readable> {
    const handle = await this.ifThere(key, () => open(this.pathOf(key)));
    return handle?.createReadStream() ?? this.missing(key);
  }

  async exists(key: string): Promise<boolean> {
    return (await this.sizeOf(key)) !== null;
  }

  async sizeOf(key: string): Promise<number | null> {
    const found = await this.ifThere(key, () => stat(this.pathOf(key)));
    return found?.isFile() ? found.size : null;
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    const lastSlash = prefix.lastIndexOf('/');
    const folder = lastSlash < 0 ? '' : checkedObjectKey(prefix.slice(0, lastSlash));
    const found = (await this.ifThere(prefix, () => readdir(join(this.root, folder), { recursive: true, withFileTypes: true }))) ?? [];
    const keys = found
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1).replaceAll(sep, '/'))
      .filter((key) => key.startsWith(prefix) && !key.startsWith(`${INCOMING}/`));
    keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const key of keys) {
      const sizeBytes = await this.sizeOf(key);
      if (sizeBytes !== null) yield { key, sizeBytes };
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true }).catch((error: unknown) => {
      throw fileStoreError(key, error);
    });
  }

  urlOf(key: string): string {
    return pathToFileURL(this.pathOf(key)).href;
  }

  keyOf(url: string): string {
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (!path.startsWith(this.root + sep)) throw new MillraceError('invalid-object-key', `${url} is not an object of ${this.rootUrl}`);
    return checkedObjectKey(path.slice(this.root.length + 1).replaceAll(sep, '/'));
  }

  /** The object's own file: nothing is copied. Its size is checked here; its bytes were written once under this name and are not read a second time. */
  async localPath(url: string, expected: { sha256?: string; sizeBytes?: number } = {}): Promise<string> {
    const key = this.keyOf(url);
    const sizeBytes = await this.sizeOf(key);
    if (sizeBytes === null) throw new MillraceError('object-not-found', `There is no object ${url}`, { url });
    checkDigest(url, { sha256: expected.sha256 ?? '', sizeBytes }, expected);
    return this.pathOf(key);
  }

  private pathOf(key: string): string {
    return join(this.root, checkedObjectKey(key));
  }

  private async write(path: string, body: Uint8Array | Readable, publish: (incoming: string) => Promise<boolean>): Promise<boolean> {
    const incoming = join(this.root, INCOMING, randomUUID());
    try {
      await this.isPrepared();
      await writeDurably(incoming, body);
      await mkdir(dirname(path), { recursive: true });
      const isPublished = await publish(incoming);
      if (isPublished) await syncDirectory(dirname(path));
      return isPublished;
    } catch (error) {
      throw fileStoreError(path, error);
    } finally {
      await rm(incoming, { force: true }).catch(() => undefined); // what stays is removed at a later start
    }
  }

  /** Once; a failure is not kept, for the store may come back. */
  private isPrepared(): Promise<void> {
    this.prepared ??= this.prepare().catch((error: unknown) => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  /** Makes the directories, and removes what processes left behind that died in the middle of a write. */
  private async prepare(): Promise<void> {
    const folder = join(this.root, INCOMING);
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const found = await stat(join(folder, name)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(join(folder, name), { force: true });
    }
  }

  /**
   * What `read` gives, undefined when there is no such thing. A store that is away has nothing either, so what is missing is looked for again once the store is known to be there.
   * Errors: `object-store-unavailable`
   */
  private async ifThere<R>(key: string, read: () => Promise<R>): Promise<R | undefined> {
    for (const isLast of [false, true]) {
      try {
        return await read();
      } catch (error) {
        if (!isMissing(error)) throw fileStoreError(key, error);
        if (!isLast) await this.requireStore();
      }
    }
    return undefined;
  }

  /** @throws MillraceError when the root is no directory, or has lost the folder that it had */
  private async requireStore(): Promise<void> {
    try {
      await stat(join(this.root, INCOMING));
      this.wasSeen = true;
    } catch (error) {
      const isNew = (error as NodeJS.ErrnoException).code === 'ENOENT' && !this.wasSeen && this.prepared === undefined;
      if (!isNew) throw new MillraceError('object-store-unavailable', `${this.rootUrl} is no object store at the moment`, { cause: error });
    }
  }

  private missing(key: string): never {
    throw new MillraceError('object-not-found', `There is no object ${this.rootUrl}/${key}`, { key });
  }
}

async function writeDurably(path: string, body: Uint8Array | Readable): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(body);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
