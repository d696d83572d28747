import { createReadStream } from 'node:fs';
import { digestOf, digestOfFile } from './digest.js';
import { contentKeyOf } from './object-key.js';
import type { ObjectStore, StoredObject } from './object-store.js';

/** Writes bytes under a name made of their digest, `<prefix>/<sha256><extension>`; bytes that are there already are not written again. */
export async function putContent(store: ObjectStore, prefix: string, body: Uint8Array, extension: string): Promise<StoredObject> {
  const digest = digestOf(body);
  const key = contentKeyOf(prefix, digest.sha256, extension);
  if ((await store.sizeOf(key)) !== digest.sizeBytes) await store.put(key, body);
  return { url: store.urlOf(key), ...digest };
}

/** The same for a local file of any size, which is streamed. */
export async function putContentOfFile(store: ObjectStore, prefix: string, path: string, extension: string): Promise<StoredObject> {
  const digest = await digestOfFile(path);
  const key = contentKeyOf(prefix, digest.sha256, extension);
  if ((await store.sizeOf(key)) !== digest.sizeBytes) await store.put(key, createReadStream(path));
  return { url: store.urlOf(key), ...digest };
}
