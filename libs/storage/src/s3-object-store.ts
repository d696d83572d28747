import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Client } from 'minio';
import type { BucketItem } from 'minio';
import { MillraceError } from '@millrace/contracts';
import { FetchedObjects } from './fetched-objects.js';
import { checkedObjectKey } from './object-key.js';
import type { ListedObject, ObjectStore } from './object-store.js';

export interface S3Access {
  accessKey?: string;
  secretKey?: string;
  /** Where `localPath` keeps what it fetched; default a folder of the system's temporary directory. */
  cacheDirectory?: string;
  /** Bound of that folder in bytes, default 4 GiB; what was used in the last 15 minutes stays even above it. */
  cacheBytes?: number;
}

const PART_BYTES = 64 * 1024 * 1024;
const DEFAULT_CACHE_BYTES = 4 * 1024 ** 3;

/** Objects of one bucket below a prefix, through the `minio` client. */
export class S3ObjectStore implements ObjectStore {
  readonly rootUrl: string;
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly client: Client;
  private readonly fetched: FetchedObjects;

  constructor(url: URL, access: S3Access) {
    const endpoint = URL.parse(url.searchParams.get('endpoint') ?? 'https://s3.amazonaws.com');
    if (!endpoint || !/^https?:$/.test(endpoint.protocol)) throw new MillraceError('invalid-object-store-url', `The endpoint of ${url.href} is not an http or https URL`);
    const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
    this.bucket = url.host;
    this.prefix = path === '' ? '' : `${checkedObjectKey(path)}/`;
    this.rootUrl = `s3://${[this.bucket, path].filter(Boolean).join('/')}`;
    this.client = new Client({
      endPoint: endpoint.hostname,
      port: Number(endpoint.port || (endpoint.protocol === 'https:' ? 443 : 80)),
      useSSL: endpoint.protocol === 'https:',
      region: url.searchParams.get('region') ?? 'us-east-1',
      partSize: PART_BYTES,
      ...(access.accessKey ? { accessKey: access.accessKey, secretKey: access.secretKey ?? '' } : {}),
    });
    this.fetched = new FetchedObjects({
      directory: access.cacheDirectory ?? join(tmpdir(), 'millrace-objects'),
      boundBytes: access.cacheBytes ?? DEFAULT_CACHE_BYTES,
      fetch: (key) => this.getStream(key),
    });
  }

  async put(key: string, body: Uint8Array | Readable): Promise<void> {
    const name = this.nameOf(key);
    const content = body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : body;
    await this.client.putObject(this.bucket, name, content).catch((error: unknown) => this.fail(key, error));
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    if (body.byteLength > PART_BYTES) throw new MillraceError('invalid-object-key', `${key}: an object of ${body.byteLength} bytes is too large to be created conditionally (at most ${PART_BYTES})`);
    const content = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    for (;;) {
      try {
        await this.client.putObject(this.bucket, this.nameOf(key), content, content.byteLength, { 'If-None-Match': '*' });
        return true;
      } catch (error) {
        const code = codeOf(error);
        if (code === 'PreconditionFailed') return false;
        // Another writer's request for this key is in flight; S3 asks to try the same again.
        if (code !== 'ConditionalRequestConflict') this.fail(key, error);
      }
    }
  }

  async get(key: string): Promise<Uint8Array> {
    return buffer(await this.getStream(key)).catch((error: unknown) => this.fail(key, error));
  }

  async getStream(key: string): Promise<Readable> {
    return this.client.getObject(this.bucket, this.nameOf(key)).catch((error: unknown) => this.fail(key, error));
  }

  async exists(key: string): Promise<boolean> {
    return (await this.sizeOf(key)) !== null;
  }

  async sizeOf(key: string): Promise<number | null> {
    try {
      return (await this.client.statObject(this.bucket, this.nameOf(key))).size;
    } catch (error) {
      if (isMissing(error)) return null;
      return this.fail(key, error);
    }
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    try {
      const items: AsyncIterable<BucketItem> = this.client.listObjectsV2(this.bucket, this.prefix + prefix, true);
      for await (const item of items) {
        if (item.name !== undefined) yield { key: item.name.slice(this.prefix.length), sizeBytes: item.size };
      }
    } catch (error) {
      this.fail(prefix, error);
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.removeObject(this.bucket, this.nameOf(key)).catch((error: unknown) => (isMissing(error) ? undefined : this.fail(key, error)));
  }

  urlOf(key: string): string {
    return `${this.rootUrl}/${checkedObjectKey(key)}`;
  }

  keyOf(url: string): string {
    if (!url.startsWith(`${this.rootUrl}/`)) throw new MillraceError('invalid-object-key', `${url} is not an object of ${this.rootUrl}`);
    return checkedObjectKey(url.slice(this.rootUrl.length + 1));
  }

  localPath(url: string, expected: { sha256?: string; sizeBytes?: number } = {}): Promise<string> {
    return this.fetched.pathOf(url, this.keyOf(url), expected);
  }

  private nameOf(key: string): string {
    return this.prefix + checkedObjectKey(key);
  }

  private fail(key: string, error: unknown): never {
    if (error instanceof MillraceError) throw error;
    if (isMissing(error)) throw new MillraceError('object-not-found', `There is no object ${this.rootUrl}/${key}`, { key });
    throw new MillraceError('object-store-unavailable', `${this.rootUrl} failed at ${key}: ${(error as Error).message}`, { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(codeOf(error) ?? '');
}
