import type { AddAction, DeltaAction, MetaDataAction, ProtocolAction, RemoveAction, TransactionAction } from './delta-actions.js';

/** What a table is at one version: the replay of its log (PROTOCOL.md, "Action Reconciliation"). */
export interface DeltaState {
  version: number;
  /** Time of the newest commit in ms, 0 when unknown. */
  committedAtMs: number;
  protocol?: ProtocolAction;
  metaData?: MetaDataAction;
  files: ReadonlyMap<string, AddAction>;
  /** Removed files, kept in checkpoints until nobody can be reading them. */
  tombstones: ReadonlyMap<string, RemoveAction>;
  transactions: ReadonlyMap<string, TransactionAction>;
}

export const EMPTY_STATE: DeltaState = { version: -1, committedAtMs: 0, files: new Map(), tombstones: new Map(), transactions: new Map() };

/** The state after one more commit (or after a checkpoint, applied to the empty state). */
export function applyActions(state: DeltaState, version: number, actions: readonly DeltaAction[]): DeltaState {
  const files = new Map(state.files);
  const tombstones = new Map(state.tombstones);
  const transactions = new Map(state.transactions);
  const next: DeltaState = { ...state, version, files, tombstones, transactions };
  for (const action of actions) {
    if (action.protocol) next.protocol = action.protocol;
    if (action.metaData) next.metaData = action.metaData;
    if (action.txn) transactions.set(action.txn.appId, action.txn);
    if (action.commitInfo) next.committedAtMs = action.commitInfo.timestamp;
    if (action.remove) {
      files.delete(action.remove.path);
      tombstones.set(action.remove.path, action.remove);
    }
    if (action.add) {
      files.set(action.add.path, action.add);
      tombstones.delete(action.add.path);
    }
  }
  return next;
}
