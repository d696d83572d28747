/** Where later work goes on in a cascade: what `cascadeOf` of the runtime gives. */
export interface CascadePlace {
  project: string;
  correlationId: string;
  causationId: string;
  pipelineVersion?: number;
  traceparent?: string;
}
