import type { ApiToken } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { ApiTokenRow, toApiToken } from '../store/api-token.row.js';

/** All tokens, the oldest first. */
export async function listTokens(tx: ReadTx): Promise<ApiToken[]> {
  return (await tx.findMany(ApiTokenRow, { order: { createdAt: 'ASC' } })).map(toApiToken);
}
