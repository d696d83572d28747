import type { EvaluationDefinition, GainGate, LabelDefinition } from '@millrace/contracts';
import { didYouMean } from './did-you-mean.js';
import { listed } from './file-reader.js';
import type { FileReader, Place } from './file-reader.js';

const LOSSES = ['log-loss', 'squared-error', 'absolute-error'] as const;
const METRICS: Record<LabelDefinition['task'], readonly string[]> = {
  'binary-classification': ['roc-auc', 'log-loss', 'brier-score'],
  regression: ['absolute-error', 'squared-error', 'root-mean-squared-error', 'r-squared'],
};

/** Loss that a classifier may lose where the file does not say (log loss); a regression's loss has a unit that only its owner knows. */
export const DEFAULT_LOG_LOSS_MARGIN = 0.02;

/** Reads `evaluation`: the hold-out and the gates over it. */
export function readEvaluation(reader: FileReader, place: Place, task: LabelDefinition['task']): EvaluationDefinition {
  const at = reader.fields(place, ['holdOut', 'block', 'metric', 'gates']);
  const gates = reader.fields(at.gates, ['minimum', 'maximum', 'gain', 'referenceLoss']);
  const metric = reader.oneOf(at.metric, LOSSES) ?? (task === 'regression' ? 'absolute-error' : 'log-loss');
  if (metric === 'log-loss' && task === 'regression') reader.report(at.metric, 'does-not-fit', 'log-loss is for labels that are 0 or 1; take squared-error or absolute-error');
  return {
    holdOutMs: reader.duration(at.holdOut) ?? 7 * 86_400_000,
    block: reader.oneOf(at.block, ['day']) ?? 'day',
    metric,
    gates: {
      minimum: readBounds(reader, gates.minimum, task),
      maximum: readBounds(reader, gates.maximum, task),
      gain: readGain(reader, gates.gain),
      referenceLoss: readMargin(reader, gates.referenceLoss, task),
    },
  };
}

const SMALLEST_BLOCK_MS = 3_600_000;

/** What a challenger must gain over the version that serves, and where that is shown. */
function readGain(reader: FileReader, place: Place): GainGate {
  const at = reader.fields(place, ['alpha', 'atLeast', 'shownIn', 'block']);
  const atLeast = reader.number(at.atLeast);
  const shownIn = reader.oneOf(at.shownIn, ['hold-out', 'shadow']);
  const blockMs = reader.duration(at.block, SMALLEST_BLOCK_MS);
  if (atLeast !== undefined && atLeast < 0 && shownIn !== 'shadow') reader.report(at.atLeast, 'does-not-fit', 'A bound below 0 is for a gain that is shown in shadow');
  if (blockMs !== undefined && shownIn !== 'shadow') reader.report(at.block, 'does-not-fit', 'Blocks of a gain can be chosen where it is shown in shadow; on a hold-out they are days');
  return {
    alpha: reader.number(at.alpha, { above: 0, to: 0.49 }) ?? 0.1,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(shownIn === undefined ? {} : { shownIn }),
    ...(blockMs === undefined ? {} : { blockMs }),
  };
}

/** A margin in units of the loss; a regression has to say it. */
export function readMargin(reader: FileReader, place: Place, task: LabelDefinition['task']): number {
  if (!place.node && task === 'regression') reader.report(place, 'missing-field', `"${place.path}" is missing: only you know how much loss (in units of the label) may be lost`);
  return reader.number(place, { from: 0 }) ?? DEFAULT_LOG_LOSS_MARGIN;
}

function readBounds(reader: FileReader, place: Place, task: LabelDefinition['task']): Record<string, number> {
  const known = METRICS[task];
  const bounds = reader.entries(place).flatMap((entry) => {
    const bound = reader.number(entry.place);
    if (!known.includes(entry.name)) {
      return reader.report(entry.place, 'invalid-value', `"${entry.name}" is no metric of a ${task}${didYouMean(entry.name, known) || `; there are ${listed(known)}`}`) ?? [];
    }
    return bound === undefined ? [] : [[entry.name, bound] as const];
  });
  return Object.fromEntries(bounds);
}
