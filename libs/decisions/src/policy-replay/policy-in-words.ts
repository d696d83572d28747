import type { Pipeline } from '@millrace/contracts';
import { reactionsDuring } from '../deployment/rollout-reactions.js';
import { showsGainInShadow } from '../evaluation/gate-policy-of.js';
import { formatDuration } from '../pipeline/duration.js';
import { rowsToTryAgain } from '../pipeline/read-reactions.js';

const SERVING = {
  retrain: 'asks for a retraining',
  shadow: 'asks for a retraining, and for a person before the new version takes traffic',
  'roll-back': 'puts the version before back',
  hold: 'holds training until it is over',
  alert: 'only tells a person',
} as const;
const DURING = { alert: 'only tell a person', pause: 'pause the rollout', shadow: 'send the new version back into shadow', 'roll-back': 'roll back' } as const;

/** What a pipeline's policy does, in sentences that need no manual. */
export function policyInWords({ monitoring, reactions, training, label, evaluation, approval }: Pick<Pipeline, 'monitoring' | 'reactions' | 'training' | 'label' | 'evaluation' | 'approval'>): string[] {
  const { windowMs, alarmAfter, of, falseAlarms } = monitoring;
  return [
    `Predictions are judged in windows of ${formatDuration(windowMs)} of event time; their outcomes ${label.maturesAfterMs === 0 ? 'at once' : `${formatDuration(label.maturesAfterMs)} later, when they are final`}.`,
    `An alarm takes ${alarmAfter} of ${of} windows out of bounds; the bounds are set so that ${falseAlarms.count} false alarm${falseAlarms.count === 1 ? '' : 's'} in ${formatDuration(falseAlarms.perMs)} is to be expected.`,
    'Broken data alarm at the first window, hold every retraining until they are mended, and are left out of training.',
    `Moved inputs or answers: the policy ${SERVING[reactions.drift]}.`,
    `Grown losses: the policy ${SERVING[reactions.performance]}.`,
    ...duringRollout(reactions),
    `What is found about the version that serves waits for the end of an open rollout${showsGainInShadow(evaluation) ? '; a version in shadow that was trained before the change began is taken back for it' : ''}.`,
    `A retraining waits until ${training.minimumMaturedRows} rows behind the change have final outcomes, at most ${formatDuration(training.labelDeadlineMs)}; then a person is asked.`,
    `Between two retrainings that a signal starts lie at least ${formatDuration(Math.max(60_000, reactions.coolDownMs))}.`,
    ...(reactions.everyMs === undefined ? [] : [`Where nothing asked for a retraining within ${formatDuration(reactions.everyMs)} of the last one, one starts all the same.`]),
    ...budgetsInWords(reactions),
    `A new version must gain ${showsGainInShadow(evaluation) ? 'in shadow, on requests that came after it was trained' : `on the last ${formatDuration(evaluation.holdOutMs)}`} (chance of promoting one that is not better: ${100 * evaluation.gates.gain.alpha} %)${approval.next === 'person' ? ', and a person must approve it' : ''}; otherwise the old one stays, and is tried again only when ${rowsToTryAgain({ reactions, training })} more rows have final outcomes, the change is another one, or measured performance fell.`,
  ];
}

/** Each phase in which something else is done than in the one before. */
function duringRollout(reactions: Pipeline['reactions']): string[] {
  const during = reactionsDuring(reactions);
  const phases = (['shadow', 'canary', 'bake'] as const).map((phase) => {
    const { drift, performance, data } = during[phase];
    return { phase, text: `moved inputs ${DURING[drift]}, grown losses of the new version ${DURING[performance]}, broken data ${DURING[data]}` };
  });
  const texts = [...new Set(phases.map(({ text }) => text))];
  return texts.map((text) => `While a rollout is in ${phases.filter((each) => each.text === text).map(({ phase }) => phase).join(', ')}: ${text}.`);
}

function budgetsInWords({ runs, projectRuns, projectRunTime }: Pipeline['reactions']): string[] {
  return [
    ...(runs ? [`Signals start at most ${runs.count} retraining${runs.count === 1 ? '' : 's'} in ${formatDuration(runs.perMs)}.`] : []),
    ...(projectRuns ? [`All pipelines of the project together start at most ${projectRuns.count} in ${formatDuration(projectRuns.perMs)}; others queue, the largest estimated loss first.`] : []),
    ...(projectRunTime ? [`Their training commands take at most ${formatDuration(projectRunTime.timeMs)} in ${formatDuration(projectRunTime.perMs)}.`] : []),
  ];
}
