import { MillraceError } from '@millrace/contracts';

const LONGEST_KEY_BYTES = 900;

/** Returns the key unchanged, or throws `invalid-object-key` when it could leave the root, collide with the store's own files or is too long. */
export function checkedObjectKey(key: string): string {
  const isSafe = key.split('/').every((segment) => segment !== '' && !segment.startsWith('.') && !/[\\\u0000-\u001f\u007f]/.test(segment));
  if (!isSafe || Buffer.byteLength(key) > LONGEST_KEY_BYTES) {
    throw new MillraceError('invalid-object-key', `"${key}" is not a key of an object: segments joined by "/", none empty or beginning with a dot, at most ${LONGEST_KEY_BYTES} bytes`);
  }
  return key;
}

/** `<prefix>/<sha256><extension>`, e.g. `models/9f86…08.onnx`. */
export function contentKeyOf(prefix: string, sha256: string, extension: string): string {
  return checkedObjectKey(`${prefix}/${sha256}${extension}`);
}
