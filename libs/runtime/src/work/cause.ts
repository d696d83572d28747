import type { Event, EventType, ServiceName } from '@millrace/contracts';
import { newTraceparent } from '../observe/trace-context.js';
import { uuidV7 } from '../uuid.js';

/** Who did it: `user:<name>`, `service:<name>` or `run:<id>`. */
export type Actor = string;

/** Why a unit of work runs. Actor, project, correlation, pipeline version and trace ride on it and are copied to what it emits. */
export type Cause = Event<EventType> | RequestCause | TimerCause;

/** An HTTP request. */
export interface RequestCause {
  kind: 'request';
  /** The Idempotency-Key, or a new id. */
  id: string;
  /** True when the caller sent an Idempotency-Key: the answer is stored and a repetition gets it again. */
  idempotent: boolean;
  actor: Actor;
  /** Roles of the caller's token. */
  roles: readonly string[];
  /** Project that the caller's token is for, `*` for all. */
  callerProject: string;
  /** Project that the request addresses; `default` when it names none. */
  project: string;
  operationId: string;
  /** Digest of the merged input, hex: another input with the same key is refused. */
  bodySha256: string;
  correlationId: string;
  causationId?: string;
  pipelineVersion?: number;
  traceparent: string;
}

/** A worker, a deadline, or an adapter that reports what happened outside. */
export interface TimerCause {
  kind: 'timer';
  id: string;
  actor: Actor;
  project: string;
  correlationId: string;
  causationId?: string;
  pipelineVersion?: number;
  traceparent: string;
}

/** A cause for what a service does by itself. Give the correlation and the cause that led to it whenever there is one: else a new cascade begins. */
export function timerCause(args: {
  name: ServiceName;
  project: string;
  correlationId?: string;
  causationId?: string;
  pipelineVersion?: number;
  traceparent?: string;
}): TimerCause {
  const id = uuidV7(Date.now());
  const { name, project, correlationId = id, causationId, pipelineVersion, traceparent = newTraceparent() } = args;
  return {
    kind: 'timer',
    id,
    actor: `service:${name}`,
    project,
    correlationId,
    traceparent,
    ...(causationId === undefined ? {} : { causationId }),
    ...(pipelineVersion === undefined ? {} : { pipelineVersion }),
  };
}

/** The cause as `timerCause` arguments: what a row must remember so that later work belongs to the same cascade. */
export function cascadeOf(cause: Cause): { project: string; correlationId: string; causationId: string; pipelineVersion?: number; traceparent?: string } {
  const { project, correlationId, pipelineVersion, traceparent } = cause;
  return {
    project,
    correlationId,
    causationId: causationOf(cause),
    ...(pipelineVersion === undefined ? {} : { pipelineVersion }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** What an event made for this cause names as its cause. A worker's report names what led to it: the timer itself is no event that anybody could look up. */
export function causationOf(cause: Cause): string {
  return isEvent(cause) || cause.kind === 'request' ? cause.id : (cause.causationId ?? cause.id);
}

export function isEvent(cause: Cause): cause is Event<EventType> {
  return !('kind' in cause);
}
