import { MillraceError } from '@millrace/contracts';
import type { ApiToken } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { IsNull } from 'typeorm';
import { ApiTokenRow, toApiToken } from '../store/api-token.row.js';
import { digestOfSecret, isSecret } from './api-token-secret.js';

/** Whom an API token speaks for. Throws `unauthenticated` for one that is unknown, ended or revoked; the answer does not say which. */
export async function identifyCaller(tx: ReadTx, secret: string): Promise<ApiToken> {
  const row = isSecret(secret) ? await tx.find(ApiTokenRow, { secretSha256: digestOfSecret(secret), revokedAt: IsNull() }) : null;
  if (!row || (row.expiresAt !== null && row.expiresAt <= tx.now)) throw new MillraceError('unauthenticated', 'This API token is not valid');
  return toApiToken(row);
}
