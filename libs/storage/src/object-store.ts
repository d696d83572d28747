import type { Readable } from 'node:stream';

/** An immutable object as events carry it: address, digest (lower-case hex) and size. */
export interface StoredObject {
  url: string;
  sha256: string;
  sizeBytes: number;
}

export interface ListedObject {
  key: string;
  sizeBytes: number;
}

/**
 * Objects under one root, addressed by keys such as `default/flights/part-1.parquet`: segments joined by `/`, none of them empty, `.` or `..`,
 * none beginning with a dot. Errors: `invalid-object-key`, `object-not-found`, `object-store-unavailable`, `disk-full`.
 */
export interface ObjectStore {
  /** The root, without a slash at the end, e.g. `file:///var/lib/millrace/objects` or `s3://millrace/objects`. */
  readonly rootUrl: string;
  /** Writes or replaces an object. A reader sees the old or the new bytes, never a part of them. */
  put(key: string, body: Uint8Array | Readable): Promise<void>;
  /** Creates the object, or answers false and changes nothing when the key is taken, also when two writers race. */
  putIfAbsent(key: string, body: Uint8Array): Promise<boolean>;
  get(key: string): Promise<Uint8Array>;
  getStream(key: string): Promise<Readable>;
  exists(key: string): Promise<boolean>;
  /** Size in bytes; null when there is no such object. */
  sizeOf(key: string): Promise<number | null>;
  /** Every object whose key begins with `prefix`, in ascending order of the key (by UTF-8 bytes). */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** Removes an object; one that is not there counts as removed. */
  remove(key: string): Promise<void>;
  urlOf(key: string): string;
  /** The key behind a URL of this store; `invalid-object-key` for any other URL. */
  keyOf(url: string): string;
  /**
   * A path on this machine from which the object can be read, for libraries that want files. With `expected`, size and digest are checked for
   * every object that had to be fetched (`digest-mismatch`). The caller reads the file and does not change, move or remove it.
   */
  localPath(url: string, expected?: { sha256?: string; sizeBytes?: number }): Promise<string>;
}
