/** Work that is to be done again and again. */
export interface WorkerOptions {
  /** Kebab-case, unique in the service. */
  name: string;
  /** Longest time between two runs in milliseconds, at least 1,000: a safety net. What is urgent calls `wake`. */
  intervalMs: number;
  /** One bounded piece of work. True: there is more to do at once. A number: milliseconds until there is. */
  run(): Promise<boolean | number | void>;
  /** True: in every process of the service; default: only in the one that leads. */
  everyReplica?: boolean;
}

/** A worker that was added to `Workers`. */
export interface Worker {
  /** Runs it now, in whichever process leads. Never throws; many calls while it runs are one more run. */
  wake(): void;
}
