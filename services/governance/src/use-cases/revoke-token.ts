import type { ApiToken } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ApiTokenRow, toApiToken } from '../store/api-token.row.js';

/** Ends a token; one that was ended before stays as it was. Throws `token-not-found`. */
export async function revokeToken(tx: Tx, id: string): Promise<ApiToken> {
  const row = await tx.lock(ApiTokenRow, { id }, 'token-not-found');
  const revoked = { ...row, revokedAt: row.revokedAt ?? tx.now };
  await tx.save(ApiTokenRow, revoked);
  return toApiToken(revoked);
}
