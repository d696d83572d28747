import type { Pipeline } from '@millrace/contracts';
import { formatDuration } from '../pipeline/duration.js';

/** What a pipeline's policy does, in sentences that need no manual. */
export function policyInWords({ monitoring, reactions, training, label, evaluation, approval }: Pick<Pipeline, 'monitoring' | 'reactions' | 'training' | 'label' | 'evaluation' | 'approval'>): string[] {
  const { windowMs, alarmAfter, of, falseAlarms } = monitoring;
  const react = (reaction: string): string => (reaction === 'retrain' ? 'asks for a retraining' : reaction === 'alert' ? 'only tells a person' : reaction);
  return [
    `Predictions are judged in windows of ${formatDuration(windowMs)} of event time; their outcomes ${label.maturesAfterMs === 0 ? 'at once' : `${formatDuration(label.maturesAfterMs)} later, when they are final`}.`,
    `An alarm takes ${alarmAfter} of ${of} windows out of bounds; the bounds are set so that ${falseAlarms.count} false alarm${falseAlarms.count === 1 ? '' : 's'} in ${formatDuration(falseAlarms.perMs)} is to be expected.`,
    'Broken data alarm at the first window, hold every retraining until they are mended, and are left out of training.',
    `Moved inputs or answers: the policy ${react(reactions.drift)}.`,
    `Grown losses: the policy ${react(reactions.performance)}.`,
    `A retraining waits until ${training.minimumMaturedRows} rows behind the change have final outcomes, at most ${formatDuration(training.labelDeadlineMs)}; then a person is asked.`,
    `Between two retrainings that a signal starts lie at least ${formatDuration(Math.max(60_000, reactions.coolDownMs))}.`,
    `A new version must gain on the last ${formatDuration(evaluation.holdOutMs)} (chance of promoting one that is not better: ${100 * evaluation.gates.gain.alpha} %)${approval.next === 'person' ? ', and a person must approve it' : ''}; otherwise the old one stays, and is tried again only when there is more to learn from.`,
  ];
}
