import type { CanaryStep, LabelDefinition, RolloutDefinition, ServingDefinition } from '@millrace/contracts';
import type { FileReader, Place } from './file-reader.js';
import { readMargin } from './read-evaluation.js';

const DEFAULT_STEPS: readonly CanaryStep[] = [
  { trafficRatio: 0.1, predictions: 300 },
  { trafficRatio: 0.5, predictions: 600 },
];

/** Reads `rollout`: shadow, canary steps with growing traffic, and the time at full traffic before it counts as done. */
export function readRollout(reader: FileReader, place: Place, task: LabelDefinition['task']): RolloutDefinition {
  const at = reader.fields(place, ['shadow', 'canary', 'bake', 'shadowPredecessor']);
  const shadow = reader.fields(at.shadow, ['predictions', 'margin']);
  return {
    shadow: {
      predictions: reader.number(shadow.predictions, { integer: true, from: 0 }) ?? 1000,
      margin: readMargin(reader, shadow.margin, task),
    },
    canary: readCanary(reader, at.canary),
    bakeMs: reader.duration(at.bake, 0) ?? 86_400_000,
    shadowPredecessor: reader.number(at.shadowPredecessor, { integer: true, from: 0 }) ?? 2000,
  };
}

function readCanary(reader: FileReader, place: Place): CanaryStep[] {
  const items = reader.list(place);
  if (!items) return [...DEFAULT_STEPS];
  let reached = 0;
  return items.map((item) => {
    const at = reader.fields(item, ['traffic', 'predictions'], ['traffic', 'predictions']);
    const trafficRatio = reader.share(at.traffic) ?? 1;
    if (at.traffic.node && trafficRatio <= reached) reader.report(at.traffic, 'does-not-fit', 'Each step must take more traffic than the one before');
    reached = trafficRatio;
    return { trafficRatio, predictions: reader.number(at.predictions, { integer: true, from: 1 }) ?? 1 };
  });
}

/** Reads `serving`. */
export function readServing(reader: FileReader, place: Place): ServingDefinition {
  const at = reader.fields(place, ['logging']);
  return { logging: reader.oneOf(at.logging, ['best-effort', 'durable']) ?? 'best-effort' };
}
