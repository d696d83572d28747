/** A prediction that waits for its outcome. Times in milliseconds since 1970, event time. */
export interface AskedPrediction {
  predictionId: string;
  key: string;
  /** The time for which it was asked. */
  eventTimeMs: number;
  /** Whether this key was asked for at other times as well. */
  isKeyRepeated: boolean;
}

/** One record of feedback. Its key is that of what was predicted, or the id of the prediction. */
export interface ReportedLabel {
  key: string;
  /** The time that it speaks of. */
  eventTimeMs: number;
  /** When it became known. */
  knownAtMs: number;
  /** Null and what is not finite is no label. */
  value: number | null;
}

/** `waiting`: not known and not due yet. `missing`: due and not known, which is never negative. `unusable`: nothing usable was told. */
export type LabelState = 'labelled' | 'waiting' | 'missing' | 'unusable';

export type LabelOddity = 'late' | 'duplicate' | 'contradicting' | 'before-prediction' | 'ambiguous' | 'unusable';

export interface SettledLabel {
  state: LabelState;
  label: number | null;
  oddities: LabelOddity[];
}

export interface LabelClock {
  /** Labels are known up to here. */
  knownUntilMs: number;
  maturesAfterMs: number;
}

/**
 * What counts as the outcome of a prediction, and what is reported besides.
 * - Feedback by prediction id comes first, then by key and the very time, then by key alone; by key alone only where the key
 *   was asked for once (else `ambiguous`: it does not say which prediction is meant).
 * - What was known before the time for which it was asked cannot be its outcome: it does not count (`before-prediction`).
 * - Of several the one known last counts; equal ones are `duplicate`, others `contradicting`.
 * - Known after `maturesAfter` it still counts from when it arrived (`late`).
 */
export function settleLabel(prediction: AskedPrediction, reported: readonly ReportedLabel[], clock: LabelClock): SettledLabel {
  const oddities = new Set<LabelOddity>();
  const addressed = addressedTo(prediction, reported.filter(({ knownAtMs }) => knownAtMs <= clock.knownUntilMs), oddities);
  const possible = addressed.filter(({ knownAtMs }) => knownAtMs >= prediction.eventTimeMs);
  if (possible.length < addressed.length) oddities.add('before-prediction');
  const usable = possible.filter((label): label is ReportedLabel & { value: number } => label.value !== null && Number.isFinite(label.value));
  if (usable.length < possible.length) oddities.add('unusable');
  const dueMs = prediction.eventTimeMs + clock.maturesAfterMs;
  const [first, ...others] = usable.toSorted((a, b) => b.knownAtMs - a.knownAtMs);
  if (!first) {
    const state = dueMs > clock.knownUntilMs ? 'waiting' : possible.length > 0 ? 'unusable' : 'missing';
    return { state, label: null, oddities: [...oddities] };
  }
  if (others.some(({ value }) => value === first.value)) oddities.add('duplicate');
  if (others.some(({ value }) => value !== first.value)) oddities.add('contradicting');
  if (Math.min(...usable.map(({ knownAtMs }) => knownAtMs)) > dueMs) oddities.add('late');
  return { state: 'labelled', label: first.value, oddities: [...oddities] };
}

function addressedTo({ predictionId, key, eventTimeMs, isKeyRepeated }: AskedPrediction, reported: readonly ReportedLabel[], oddities: Set<LabelOddity>): readonly ReportedLabel[] {
  const byId = reported.filter((label) => label.key === predictionId);
  if (byId.length > 0) return byId;
  const byKey = reported.filter((label) => label.key === key);
  const byTime = byKey.filter((label) => label.eventTimeMs === eventTimeMs);
  if (byTime.length > 0 || !isKeyRepeated) return byTime.length > 0 ? byTime : byKey;
  if (byKey.length > 0) oddities.add('ambiguous');
  return [];
}
