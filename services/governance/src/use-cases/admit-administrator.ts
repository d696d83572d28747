import { MillraceError } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ApiTokenRow } from '../store/api-token.row.js';
import { digestOfSecret, isSecret } from './api-token-secret.js';

/** The first administrator's token. Taken in anew at each start, so that a new token file takes the place of the old one. */
export async function admitAdministrator(tx: Tx, secret: string): Promise<void> {
  if (!isSecret(secret)) throw new MillraceError('invalid-settings', 'The admin token file does not hold an API token (mr_ and 43 characters)');
  const id = 'administrator';
  const row = await tx.find(ApiTokenRow, { id });
  const secretSha256 = digestOfSecret(secret);
  if (row?.secretSha256 === secretSha256) return;
  await tx.save(ApiTokenRow, { id, secretSha256, subject: 'user:admin', roles: ['admin'], project: '*', createdAt: tx.now, createdBy: tx.cause.actor, expiresAt: null, revokedAt: null });
}
