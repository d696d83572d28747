/** What a row remembers of the cascade it belongs to, so that work done later is part of it. */
export interface Cascade {
  project: string;
  correlationId: string;
  causationId: string;
  pipelineVersion?: number;
  traceparent?: string;
}
