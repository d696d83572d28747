import { fileURLToPath } from 'node:url';
import { MillraceError } from '@millrace/contracts';
import { FileObjectStore } from './file-object-store.js';
import type { ObjectStore } from './object-store.js';
import { S3ObjectStore } from './s3-object-store.js';
import type { S3Access } from './s3-object-store.js';

/**
 * Opens the store that a URL names; nothing is read or written yet.
 * - `file:///directory`: objects are files below that directory, which is made when needed.
 * - `s3://bucket[/prefix]?endpoint=http://host:port[&region=us-east-1]`: any S3 that answers `If-None-Match: *`. The bucket must exist.
 * Errors: `invalid-object-store-url`.
 */
export function openObjectStore(url: string, access: S3Access = {}): ObjectStore {
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'file:') return new FileObjectStore(fileURLToPath(parsed));
  if (parsed?.protocol === 's3:') return new S3ObjectStore(parsed, access);
  throw new MillraceError('invalid-object-store-url', `"${url}" is not an object store: expected file:///directory or s3://bucket/prefix?endpoint=http://host:port`);
}
