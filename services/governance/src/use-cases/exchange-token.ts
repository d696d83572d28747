import { MillraceError } from '@millrace/contracts';
import type { ApiToken, OperationInput } from '@millrace/contracts';
import type { ReadTx, Tx } from '@millrace/runtime';
import { createHash, randomBytes } from 'node:crypto';
import { IsNull } from 'typeorm';
import { ApiTokenRow, toApiToken } from '../store/api-token.row.js';

const SECRET = /^mr_[A-Za-z0-9_-]{43}$/;

/** A new secret: `mr_` and 32 random bytes. */
export function newSecret(): string {
  return `mr_${randomBytes(32).toString('base64url')}`;
}

/** The digest by which a secret is found again. */
export function digestOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whom an API token speaks for. Throws `unauthenticated` for one that is unknown, ended or revoked; the answer does not say which. */
export async function identify(tx: ReadTx, secret: string): Promise<ApiToken> {
  const row = SECRET.test(secret) ? await tx.find(ApiTokenRow, { secretSha256: digestOfSecret(secret), revokedAt: IsNull() }) : null;
  if (!row || (row.expiresAt !== null && row.expiresAt <= tx.now)) throw new MillraceError('unauthenticated', 'This API token is not valid');
  return toApiToken(row);
}

/** Keeps a token by the digest of its secret. */
export async function createToken(tx: Tx, input: OperationInput<'createToken'>, secretSha256: string): Promise<ApiToken> {
  const { subject, roles, project = '*', expiresAt } = input;
  const created = { id: tx.newId(), secretSha256, subject, roles, project, createdAt: tx.now, createdBy: tx.cause.actor, expiresAt: expiresAt === undefined ? null : new Date(expiresAt), revokedAt: null };
  await tx.insert(ApiTokenRow, created);
  return toApiToken(created);
}

/** All tokens, the oldest first. */
export async function listTokens(tx: ReadTx): Promise<ApiToken[]> {
  return (await tx.findMany(ApiTokenRow, { order: { createdAt: 'ASC' } })).map(toApiToken);
}

/** Ends a token; one that was ended before stays as it was. Throws `token-not-found`. */
export async function revokeToken(tx: Tx, id: string): Promise<ApiToken> {
  const row = await tx.lock(ApiTokenRow, { id }, 'token-not-found');
  const revoked = { ...row, revokedAt: row.revokedAt ?? tx.now };
  await tx.save(ApiTokenRow, revoked);
  return toApiToken(revoked);
}

/** The first administrator's token. Taken in anew at each start, so that a new token file takes the place of the old one. */
export async function admitAdministrator(tx: Tx, secret: string): Promise<void> {
  if (!SECRET.test(secret)) throw new MillraceError('invalid-settings', 'The admin token file does not hold an API token (mr_ and 43 characters)');
  const id = 'administrator';
  const row = await tx.find(ApiTokenRow, { id });
  const secretSha256 = digestOfSecret(secret);
  if (row?.secretSha256 === secretSha256) return;
  await tx.save(ApiTokenRow, { id, secretSha256, subject: 'user:admin', roles: ['admin'], project: '*', createdAt: tx.now, createdBy: tx.cause.actor, expiresAt: null, revokedAt: null });
}
