import type { Pipeline, PolicyReplay } from '@millrace/contracts';
import { boundedReference } from '../monitoring/reference-of.js';
import type { BoundedReference, Reference } from '../monitoring/reference-of.js';
import type { LossWindow } from '../monitoring/loss-window.js';
import type { WindowProfile } from '../monitoring/window-profile.js';
import type { DayRows } from '../training/matured-rows.js';
import { followWindow, startOfLoop } from './follow-window.js';
import { loopRulesOf } from './loop-rules.js';
import type { LoopState, LoopStep } from './loop-state.js';
import { policyInWords } from './policy-in-words.js';

/** A window as it was recorded, with the reference of the version that answered. */
export interface RecordedWindow {
  modelVersion: number;
  profile: WindowProfile;
  /** Null when the reference is gone: then nothing can be said of this window. */
  reference: Reference | null;
  usual: LossWindow[];
  /** How its predictions turned out; null while that is not known. */
  losses: LossWindow | null;
}

const ASSUMPTIONS = [
  'What was served is taken as it was: a replay cannot know how a model would have done that was never trained, so the version that answered stays.',
  'Outcomes count from when they are final; feedback that came later is counted as if it had come in time.',
  'Answers (scores) are held against windows that a version learned while it served; a replay judges inputs and losses.',
  'No rollout is taken to be open, and other pipelines of the project to leave places and budget: the reactions that hold while none is open are replayed.',
];

/** When a policy would have acted on recorded windows, by the very decisions that the services take. Without effect. */
export function replayPolicy(pipeline: Pipeline, windows: readonly RecordedWindow[]): PolicyReplay {
  const rules = loopRulesOf(pipeline);
  const ordered = windows.toSorted((a, b) => (a.profile.from < b.profile.from ? -1 : 1));
  const steps: PolicyReplay['steps'] = [];
  const gone: string[] = [];
  const bounds = new Map<Reference, BoundedReference>();
  let loop: { state: LoopState; version: number | null; judgedTo: number } = { state: startOfLoop(), version: null, judgedTo: 0 };
  ordered.forEach(({ modelVersion, profile, reference, usual }, i) => {
    if (!reference) {
      gone.push(profile.from);
      return;
    }
    if (loop.version !== modelVersion) loop = { state: { ...startOfLoop(), lastRunMs: loop.state.lastRunMs, runsMs: loop.state.runsMs }, version: modelVersion, judgedTo: i };
    const bounded = bounds.get(reference) ?? boundedReference(reference, rules.policy);
    bounds.set(reference, bounded);
    const nowMs = Date.parse(profile.to);
    const due = maturedUntil(ordered, nowMs - rules.maturesAfterMs);
    const matured = ordered.slice(loop.judgedTo, due).flatMap(({ losses }) => losses ?? []);
    const days = daysOf(ordered.slice(0, i + 1));
    const followed = followWindow(loop.state, { profile, reference: bounded, separate: [], usual, matured, days, phase: 'none', nowMs }, rules);
    const isAnswered = followed.steps.some(({ decision }) => decision === 'train');
    loop = { state: isAnswered ? { ...followed.state, waiting: [] } : followed.state, version: modelVersion, judgedTo: Math.max(loop.judgedTo, due) };
    steps.push(...followed.steps.map((step) => toStep(step, modelVersion)));
  });
  return {
    pipeline: pipeline.id,
    policy: policyInWords(pipeline),
    from: ordered[0]?.profile.from ?? null,
    to: ordered.at(-1)?.profile.to ?? null,
    windows: ordered.length,
    steps,
    summary: summaryOf(steps, ordered.length, gone.length),
    assumptions: ASSUMPTIONS,
  };
}

function maturedUntil(ordered: readonly RecordedWindow[], horizonMs: number): number {
  const next = ordered.findIndex(({ profile }) => Date.parse(profile.to) > horizonMs);
  return next < 0 ? ordered.length : next;
}

/** Labelled rows by day, of windows of any length. */
function daysOf(windows: readonly RecordedWindow[]): DayRows[] {
  const days = new Map<string, number>();
  for (const { losses } of windows) if (losses) days.set(losses.from.slice(0, 10), (days.get(losses.from.slice(0, 10)) ?? 0) + losses.rows);
  return [...days].map(([day, rows]) => ({ day, rows }));
}

function toStep({ what, kind, atMs, window, diagnosis, changePoint, decision, because }: LoopStep, modelVersion: number): PolicyReplay['steps'][number] {
  return { at: new Date(atMs).toISOString(), window, modelVersion, what, kind, diagnosis, changePoint, ...(decision ? { decision } : {}), text: textOf({ what, kind, diagnosis, changePoint, decision, because }), because };
}

const DECIDED = {
  train: 'a retraining would have been asked for',
  'wait-for-labels': 'it would have waited',
  hold: 'training would have been held',
  ignore: 'training would have done nothing',
  'ask-a-person': 'a person would have been asked',
} as const;
const KINDS = { data: 'Broken data', drift: 'Moved inputs or answers', performance: 'Grown losses', labels: 'Flipped labels', schedule: 'Schedule' } as const;

function textOf({ what, kind, diagnosis, changePoint, decision, because }: Pick<LoopStep, 'what' | 'kind' | 'diagnosis' | 'changePoint' | 'because'> & { decision: LoopStep['decision'] }): string {
  const since = changePoint === null ? '' : ` since ${changePoint}`;
  if (what === 'raised') return `${KINDS[kind]} would have raised an incident (${diagnosis}${since})`;
  if (what === 'resolved') return `The incident of ${KINDS[kind].toLowerCase()}${since} would have ended`;
  const reason = because.find(({ passed }) => !passed);
  return `${KINDS[kind]}: ${DECIDED[decision ?? 'ignore']}${reason ? ` (${reason.detail ?? reason.check}${typeof reason.measured === 'number' ? `: ${reason.measured} of ${reason.bound}` : ''})` : ''}`;
}

function summaryOf(steps: PolicyReplay['steps'], windows: number, gone: number): string[] {
  const count = (what: string, more: (step: PolicyReplay['steps'][number]) => boolean = () => true): number => steps.filter((step) => step.what === what && more(step)).length;
  const first = steps.find(({ decision }) => decision === 'train');
  return [
    `Over ${windows} windows the policy would have raised ${count('raised')} incidents (${(['data', 'drift', 'performance', 'labels'] as const).map((kind) => `${count('raised', (step) => step.kind === kind)} ${kind}`).join(', ')}) and ended ${count('resolved')}.`,
    `It would have asked for ${count('decided', ({ decision }) => decision === 'train')} retrainings${first ? `, the first at ${first.at}` : ''}, asked a person ${count('decided', ({ decision }) => decision === 'ask-a-person')} times and held training ${count('decided', ({ decision }) => decision === 'hold')} times.`,
    ...(gone > 0 ? [`Of ${gone} windows nothing can be said: the reference of the version that answered is gone.`] : []),
    ...(windows === 0 ? ['There are no recorded windows: nothing can be said.'] : []),
  ];
}
