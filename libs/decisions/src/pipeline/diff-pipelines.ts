import type { Pipeline } from '@millrace/contracts';

/** One difference between two versions of a pipeline; null where the field is absent. */
export interface PipelineChange {
  /** As in the normalised pipeline; members of lists by their name: `features.hour`, `dataSets.flights.columns.origin.matches`. */
  path: string;
  before: unknown;
  after: unknown;
  /** What the change does, for people. */
  effect: string;
}

const EFFECTS: readonly [prefix: string, effect: string][] = [
  ['training.code', 'the next run uses this code; models in service stay'],
  ['dataSets.*.columns.*.failure', 'holds for records that arrive from now on'],
  ['dataSets.*.segmentChecks', 'holds for segments that are staged from now on'],
  ['dataSets', 'records that arrive from now on are read and checked this way'],
  ['features', 'a new version of the feature view; the model in service keeps its own until it is retrained'],
  ['predict', 'a new version of the feature view; the model in service keeps its own until it is retrained'],
  ['label', 'the next training set and hold-outs use it; losses from now on are measured by it'],
  ['training', 'the next run uses it; models in service stay'],
  ['evaluation', 'the next evaluation is judged by it'],
  ['rollout', 'the next rollout follows it'],
  ['serving', 'predictions from now on'],
  ['monitoring', 'windows that close from now on'],
  ['reactions', 'signals from now on'],
  ['approval', 'versions registered from now on'],
];

/** What applying `after` over `before` (null for a first version) changes, in the order of the pipeline's fields. */
export function diffPipelines(before: Pipeline | null, after: Pipeline): PipelineChange[] {
  if (!before) return [{ path: '', before: null, after: after.id, effect: 'a new pipeline' }];
  return compare('', before, after).map((change) => ({ ...change, effect: effectOf(change.path) }));
}

function compare(path: string, before: unknown, after: unknown): Omit<PipelineChange, 'effect'>[] {
  const [left, right] = [membersOf(before), membersOf(after)];
  if (!left || !right) return equal(before, after) ? [] : [{ path, before: before ?? null, after: after ?? null }];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const changes = names.flatMap((name) => compare(path === '' ? name : `${path}.${name}`, left.get(name), right.get(name)));
  if (changes.length === 0 && !equal([...left.keys()], [...right.keys()]) && Array.isArray(before)) return [{ path, before: [...left.keys()], after: [...right.keys()] }];
  return changes;
}

/** Members to compare one by one: those of an object, or of a list whose members have names. */
function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value.every((item): item is { name: string } => typeof item === 'object' && item !== null && 'name' in item);
  return named && value.length > 0 ? new Map(value.map((item) => [item.name, item])) : undefined;
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The value with the fields of its objects in one order: what a store gives back may come in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]));
}

function effectOf(path: string): string {
  const steps = path.split('.');
  const found = EFFECTS.find(([prefix]) => prefix.split('.').every((step, index) => step === '*' || step === steps[index]));
  return found?.[1] ?? 'shown to people only';
}
