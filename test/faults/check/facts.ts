/** A record as it lies on its topic. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

export interface OutboxEntry {
  position: number;
  id: string;
  topic: string;
  key: string;
  type: string;
  isSent: boolean;
}

export interface DeadLetter {
  id: string;
  eventId: string;
  type: string;
  because: string;
}

/** What a service's own tables say about what it sent and what it handled. */
export interface ServiceFacts {
  outbox: OutboxEntry[];
  /** Ids of handled events. */
  inbox: string[];
  parked: { eventId: string; type: string; because: string }[];
  deadLetters: DeadLetter[];
}

export interface AuditEntry {
  index: number;
  leaf: string;
  eventId: string;
  topic: string;
  partition: number;
  offset: number;
}

/** A row's place on the topic it came from. */
export interface Place {
  partition: number;
  offset: number;
}

export interface DataSetFacts {
  dataSet: string;
  topic: string;
  /** Of the published table, from its Delta log and files. */
  published: Place[];
  quarantined: (Place & { code: string })[];
}

/** What clients were promised while the faults were made. */
export interface Promises {
  /** By data set: keys of records whose reception was acknowledged. */
  records: ReadonlyMap<string, readonly string[]>;
  /** Predictions that were answered. */
  predictions: readonly { dataSet: string; predictionId: string; durable: boolean }[];
  /** Requests with their Idempotency-Key: every answer that came, as text, and which event each must have made once. */
  requests: readonly { key: string; what: string; answers: readonly string[]; makes: string | null }[];
  /** Whether a process of inference was killed. */
  inferenceDied: boolean;
  /** Answers that nobody should get, and other surprises. */
  surprises: readonly string[];
}

/** Everything that the checker judges. */
export interface Facts {
  /** Lifecycle topics whole. */
  events: readonly TopicRecord[];
  /** Data sets' topics and prediction topics whole. */
  records: readonly TopicRecord[];
  services: Readonly<Record<string, ServiceFacts>>;
  audit: { entries: readonly AuditEntry[]; size: number; rootHex: string };
  dataSets: readonly DataSetFacts[];
  promises: Promises;
}

/** Something that is not as it must be. */
export interface Finding {
  check: string;
  detail: string;
}
