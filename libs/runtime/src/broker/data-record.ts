/** A record of the data plane. `topic` is without the topic prefix. */
export interface DataRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
  timestampMs: number;
}

/** Records of one partition in offset order, at least one. */
export interface RecordBatch {
  topic: string;
  partition: number;
  records: DataRecord[];
}

/** A record to write. */
export interface NewRecord {
  key: string | null;
  value: Buffer | string | null;
  headers?: Record<string, string>;
  /** Chosen by the key when left out. */
  partition?: number;
}
