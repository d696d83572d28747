import type { ApiToken, OperationInput } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ApiTokenRow, toApiToken } from '../store/api-token.row.js';

/** Keeps a token by the digest of its secret. */
export async function createToken(tx: Tx, input: OperationInput<'createToken'>, secretSha256: string): Promise<ApiToken> {
  const { subject, roles, project = '*', expiresAt } = input;
  const created = { id: tx.newId(), secretSha256, subject, roles, project, createdAt: tx.now, createdBy: tx.cause.actor, expiresAt: expiresAt === undefined ? null : new Date(expiresAt), revokedAt: null };
  await tx.insert(ApiTokenRow, created);
  return toApiToken(created);
}
