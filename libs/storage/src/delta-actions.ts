import { MillraceError } from '@millrace/contracts';

/**
 * Actions of a Delta Lake commit, one JSON object per line of `_delta_log/<version>.json`.
 * Specification: https://github.com/delta-io/delta/blob/master/PROTOCOL.md (reader version 1, writer version 2).
 */
export interface AddAction {
  /** Relative to the table, URI-encoded. */
  path: string;
  partitionValues: Record<string, string>;
  size: number;
  modificationTime: number;
  dataChange: boolean;
  /** JSON in a string. */
  stats?: string | null;
  tags?: Record<string, string> | null;
}

export interface RemoveAction {
  path: string;
  deletionTimestamp: number;
  dataChange: boolean;
  extendedFileMetadata?: boolean | null;
  partitionValues?: Record<string, string> | null;
  size?: number | null;
}

export interface MetaDataAction {
  id: string;
  name?: string | null;
  description?: string | null;
  format: { provider: string; options: Record<string, string> };
  schemaString: string;
  partitionColumns: string[];
  configuration: Record<string, string>;
  createdTime?: number | null;
}

export interface ProtocolAction {
  minReaderVersion: number;
  minWriterVersion: number;
}

export interface TransactionAction {
  appId: string;
  version: number;
  lastUpdated?: number | null;
}

export interface CommitInfoAction {
  timestamp: number;
  operation: string;
  operationParameters: Record<string, string>;
  engineInfo: string;
}

export interface DeltaAction {
  add?: AddAction | null;
  remove?: RemoveAction | null;
  metaData?: MetaDataAction | null;
  protocol?: ProtocolAction | null;
  txn?: TransactionAction | null;
  commitInfo?: CommitInfoAction | null;
}

export const SUPPORTED_PROTOCOL: ProtocolAction = { minReaderVersion: 1, minWriterVersion: 2 };

export function serializeCommit(actions: readonly DeltaAction[]): Uint8Array {
  return Buffer.from(actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
}

/** Actions and fields of later protocol versions are kept or passed over, as the specification asks. */
export function parseCommit(bytes: Uint8Array): DeltaAction[] {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as DeltaAction);
}

/** Throws `delta-unsupported` for a table that a newer writer has given features we do not know. */
export function checkProtocol(protocol: ProtocolAction, url: string): void {
  if (protocol.minReaderVersion > SUPPORTED_PROTOCOL.minReaderVersion || protocol.minWriterVersion > SUPPORTED_PROTOCOL.minWriterVersion) {
    throw new MillraceError('delta-unsupported', `${url} needs reader ${protocol.minReaderVersion} and writer ${protocol.minWriterVersion}; known are 1 and 2`, { url });
  }
}
