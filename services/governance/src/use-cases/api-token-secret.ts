import { createHash, randomBytes } from 'node:crypto';

const SECRET = /^mr_[A-Za-z0-9_-]{43}$/;

/** A new secret: `mr_` and 32 random bytes. */
export function newSecret(): string {
  return `mr_${randomBytes(32).toString('base64url')}`;
}

/** True for text that has the form of an API token. */
export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** The digest by which a secret is found again. */
export function digestOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
