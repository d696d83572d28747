import { randomUUID } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import type { Column } from './column.js';
import type { TableStatistics } from './column-statistics.js';
import { checkProtocol, parseCommit, serializeCommit, SUPPORTED_PROTOCOL } from './delta-actions.js';
import type { DeltaAction } from './delta-actions.js';
import { lastCheckpointKeyOf, readCheckpoint, writeCheckpoint } from './delta-checkpoint.js';
import { toSchemaString } from './delta-schema.js';
import { SHA256_TAG, toSnapshot } from './delta-snapshot.js';
import type { DeltaSnapshot } from './delta-snapshot.js';
import { applyActions, EMPTY_STATE } from './delta-state.js';
import type { DeltaState } from './delta-state.js';
import type { DuckDb } from './duckdb.js';
import type { ObjectStore, StoredObject } from './object-store.js';

/** A data file that lies below the table's folder already. */
export interface NewDeltaFile extends StoredObject {
  statistics: TableStatistics;
}

export interface DeltaChange {
  /** Shown in the table's history, e.g. `WRITE`. */
  operation: string;
  add?: readonly NewDeltaFile[];
  /** Paths of files (`DeltaFile.path`) that leave the table; they stay readable at older versions. */
  remove?: readonly string[];
  /** Makes the commit count once: when the table has these versions (or later ones) of all the applications already, nothing is committed. */
  transactions?: readonly { applicationId: string; version: number }[];
  /** Further columns, nullable, after the present ones. */
  addColumns?: readonly Column[];
  /** Free text shown in the table's history. */
  parameters?: Record<string, string>;
}

export interface DeltaCommit {
  version: number;
  /** False when the transaction was in the table before; `version` is the newest then. */
  isApplied: boolean;
}

const CHECKPOINT_EVERY = 10;

/**
 * An open Delta Lake table (reader 1, writer 2) below one key of an object store, for one writer or many: a commit is the creation of the next log
 * entry, which only one can win; the others look at what came between and try again. Readable by Spark, `deltalake` and DuckDB.
 */
export class DeltaTable {
  private known: DeltaState = EMPTY_STATE;

  constructor(
    private readonly store: ObjectStore,
    /** Key of the table's folder, e.g. `data-sets/default/flights`. */
    readonly key: string,
    private readonly duckDb: DuckDb,
  ) {}

  async exists(): Promise<boolean> {
    return this.known.version >= 0 || (await this.latest()).version >= 0;
  }

  /** Creates the table; one that is there stays as it is, whoever made it. */
  async create(columns: readonly Column[], options: { name?: string; configuration?: Record<string, string> } = {}): Promise<DeltaSnapshot> {
    if (!(await this.exists())) {
      const metaData = {
        id: randomUUID(),
        ...(options.name === undefined ? {} : { name: options.name }),
        format: { provider: 'parquet', options: {} },
        schemaString: toSchemaString(columns),
        partitionColumns: [],
        configuration: options.configuration ?? {},
        createdTime: Date.now(),
      };
      await this.putEntry(0, [commitInfo('CREATE TABLE'), { protocol: SUPPORTED_PROTOCOL }, { metaData }]);
    }
    return this.snapshot();
  }

  /** The newest version, or the one asked for. Errors: `delta-table-not-found`, `delta-version-not-found`, `delta-unsupported`. */
  async snapshot(version?: number): Promise<DeltaSnapshot> {
    const state = version === undefined ? await this.latest() : await this.stateAt(version);
    if (state.version < 0) throw new MillraceError('delta-table-not-found', `There is no table ${this.store.urlOf(this.key)}`, { table: this.key });
    return toSnapshot(this.store, this.key, state);
  }

  /**
   * Commits a change. A commit that lost the race is tried again on top of the winner's, unless the winner changed the columns or removed a file that
   * this one removes too (`delta-conflict`). Errors: also those of `snapshot`, and `delta-file-not-found` for a removed path that is not in the table.
   */
  async commit(change: DeltaChange): Promise<DeltaCommit> {
    let base = await this.latest();
    if (base.version < 0) throw new MillraceError('delta-table-not-found', `There is no table ${this.store.urlOf(this.key)}`, { table: this.key });
    const first = base;
    for (;;) {
      if (isContained(base, change)) return { version: base.version, isApplied: false };
      if (base.metaData?.schemaString !== first.metaData?.schemaString) throw new MillraceError('delta-conflict', `The columns of ${this.key} were changed at the same time`, { table: this.key });
      const version = base.version + 1;
      const actions = this.actionsOf(base, change);
      if (await this.putEntry(version, actions)) {
        this.known = applyActions(base, version, actions);
        if (version % CHECKPOINT_EVERY === 0) await writeCheckpoint(this.store, this.key, this.duckDb, this.known, Date.now());
        return { version, isApplied: true };
      }
      base = await this.latest();
    }
  }

  private actionsOf(base: DeltaState, change: DeltaChange): DeltaAction[] {
    const now = Date.now();
    const actions: DeltaAction[] = [commitInfo(change.operation, change.parameters)];
    for (const { applicationId, version } of change.transactions ?? []) actions.push({ txn: { appId: applicationId, version, lastUpdated: now } });
    if (change.addColumns && base.metaData) actions.push({ metaData: { ...base.metaData, schemaString: withColumns(base.metaData.schemaString, change.addColumns) } });
    for (const path of change.remove ?? []) {
      const add = base.files.get(encodeURI(path));
      if (!add) throw new MillraceError('delta-file-not-found', `${path} is not a file of ${this.key} at version ${base.version}`, { table: this.key });
      actions.push({ remove: { path: add.path, deletionTimestamp: now, dataChange: true, extendedFileMetadata: true, partitionValues: {}, size: add.size } });
    }
    for (const file of change.add ?? []) {
      const path = this.store.keyOf(file.url).slice(this.key.length + 1);
      const add = { path: encodeURI(path), partitionValues: {}, size: file.sizeBytes, modificationTime: now, dataChange: true, stats: JSON.stringify(file.statistics), tags: { [SHA256_TAG]: file.sha256 } };
      actions.push({ add });
    }
    return actions;
  }

  private putEntry(version: number, actions: readonly DeltaAction[]): Promise<boolean> {
    return this.store.putIfAbsent(this.entryKey(version), serializeCommit(actions));
  }

  private async latest(): Promise<DeltaState> {
    if (this.known.version < 0) this.known = await this.newestCheckpoint();
    this.known = await this.replay(this.known, Number.MAX_SAFE_INTEGER);
    return this.known;
  }

  private async stateAt(version: number): Promise<DeltaState> {
    const checkpoint = await this.checkpointAtOrBelow(version);
    const state = await this.replay(checkpoint, version);
    if (state.version !== version) throw new MillraceError('delta-version-not-found', `${this.key} has no version ${version}; the newest is ${state.version}`, { table: this.key });
    return state;
  }

  /** Applies log entries one after another until there is no next one. */
  private async replay(from: DeltaState, lastVersion: number): Promise<DeltaState> {
    let state = from;
    while (state.version < lastVersion) {
      const entry = await this.getIfPresent(this.entryKey(state.version + 1));
      if (!entry) break;
      state = applyActions(state, state.version + 1, parseCommit(entry));
    }
    if (state.protocol) checkProtocol(state.protocol, this.store.urlOf(this.key));
    return state;
  }

  private async newestCheckpoint(): Promise<DeltaState> {
    const pointer = await this.getIfPresent(lastCheckpointKeyOf(this.key));
    if (!pointer) return EMPTY_STATE;
    const { version } = JSON.parse(Buffer.from(pointer).toString('utf8')) as { version: number };
    return this.checkpointAt(version);
  }

  /** A checkpoint does not say when its version was committed; the log entry of that version does, while it is kept. */
  private async checkpointAt(version: number): Promise<DeltaState> {
    const state = await readCheckpoint(this.store, this.key, this.duckDb, version);
    const entry = await this.getIfPresent(this.entryKey(version));
    const info = entry && parseCommit(entry).find((action) => action.commitInfo)?.commitInfo;
    return info ? { ...state, committedAtMs: info.timestamp } : state;
  }

  private async checkpointAtOrBelow(version: number): Promise<DeltaState> {
    let found = -1;
    for await (const { key } of this.store.list(`${this.key}/_delta_log/`)) {
      const candidate = /\/(\d{20})\.checkpoint\.parquet$/.exec(key);
      if (candidate && Number(candidate[1]) <= version) found = Math.max(found, Number(candidate[1]));
    }
    return found < 0 ? EMPTY_STATE : this.checkpointAt(found);
  }

  private async getIfPresent(key: string): Promise<Uint8Array | null> {
    try {
      return await this.store.get(key);
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'object-not-found') return null;
      throw error;
    }
  }

  private entryKey(version: number): string {
    return `${this.key}/_delta_log/${String(version).padStart(20, '0')}.json`;
  }
}

function isContained(state: DeltaState, { transactions = [] }: DeltaChange): boolean {
  return transactions.length > 0 && transactions.every(({ applicationId, version }) => (state.transactions.get(applicationId)?.version ?? -1) >= version);
}

function withColumns(schemaString: string, added: readonly Column[]): string {
  const { fields } = JSON.parse(schemaString) as { fields: Column[] };
  return toSchemaString([...fields, ...added.map((column) => ({ ...column, nullable: true }))]);
}

function commitInfo(operation: string, operationParameters: Record<string, string> = {}): DeltaAction {
  return { commitInfo: { timestamp: Date.now(), operation, operationParameters, engineInfo: 'millrace/0.1.0' } };
}
