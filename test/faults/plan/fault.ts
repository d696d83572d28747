import type { ServiceName } from '@millrace/infra';

/** Where services are stopped dead; see libs/runtime/src/fault-point.ts. */
export const points = [
  'before-commit', 'after-commit', 'before-send', 'before-mark-published', 'after-mark-published',
  'before-offset-commit', 'after-offset-commit', 'before-records-sent', 'after-records-sent',
] as const;
export type Point = (typeof points)[number];

export type Supplier = 'kafka' | 'postgres';

/** What goes wrong. Durations are in milliseconds. */
export type Trouble =
  | { kind: 'kill'; process: string }
  | { kind: 'kill-at-point'; process: string; point: Point; passage: number }
  | { kind: 'stand-still'; process: string; durationMs: number }
  | { kind: 'kill-supplier'; supplier: Supplier }
  | { kind: 'restart-supplier'; supplier: Supplier }
  | { kind: 'cut'; service: ServiceName; supplier: Supplier }
  | { kind: 'refuse'; service: ServiceName; supplier: Supplier; durationMs: number }
  | { kind: 'delay'; service: ServiceName; supplier: Supplier; durationMs: number; delayMs: number }
  | { kind: 'half-open'; service: ServiceName; supplier: Supplier; durationMs: number }
  | { kind: 'objects-away'; durationMs: number }
  | { kind: 'duplicates'; count: number; seed: number }
  | { kind: 'rebalance'; service: ServiceName; durationMs: number };

export type TroubleKind = Trouble['kind'];

/** One entry of a plan. */
export interface Fault {
  /** From 1, in order of time. */
  number: number;
  /** Since the first moment of the campaign. */
  atMs: number;
  trouble: Trouble;
}

/** In words, for the timeline. */
export function describeTrouble(trouble: Trouble): string {
  const { kind, ...what } = trouble;
  return `${kind} ${Object.entries(what).map(([name, value]) => (typeof value === 'number' ? `${name}=${value}` : String(value))).join(' ')}`;
}
