import { dataAssessmentOf, driftAssessmentOf, labelsAssessmentOf, performanceAssessmentOf } from '../monitoring/assessment-of.js';
import { decideDegradation } from '../monitoring/decide-degradation.js';
import { decideDrift } from '../monitoring/decide-drift.js';
import type { DriftDecision } from '../monitoring/decide-drift.js';
import { decideIncident } from '../monitoring/decide-incident.js';
import type { Assessment, Incident } from '../monitoring/decide-incident.js';
import { diagnose } from '../monitoring/diagnose.js';
import type { LossWindow } from '../monitoring/loss-window.js';
import { decideTrigger } from '../training/decide-trigger.js';
import type { TriggerAnswer, TriggerSituation } from '../training/decide-trigger.js';
import { firstToAsk } from '../training/first-to-ask.js';
import { rowsBetween } from '../training/matured-rows.js';
import { outlivesIncident } from '../training/outlives-incident.js';
import { isRunDue } from '../training/scheduled-run.js';
import { servingReactionOf } from '../training/serving-reaction.js';
import type { Finding } from '../evaluation/finding.js';
import type { LoopRules } from './loop-rules.js';
import type { AskingKind, LivedKind, LoopState, LoopStep, SeenByLoop, WaitingTrigger } from './loop-state.js';

const REMEMBERED_WINDOWS = 60;
/** Not the prediction itself: it moves with the version's answers. */
const SCORE = 'score';

/** A loop that has seen nothing. */
export function startOfLoop(): LoopState {
  return { recent: [], outcomes: [], broken: [], incidents: {}, waiting: [], asked: null, lastRunMs: null, beganMs: null, runsMs: [], lastRefusal: null, raised: 0 };
}

/** A run led to nothing: that is remembered with the rows it had, and what asked for it waits until there are more. */
export function refusedLoop(state: LoopState, maturedRows: number): LoopState {
  const { asked } = state;
  if (!asked) return state;
  return { ...state, lastRefusal: { changePointMs: asked.signal.changePointMs, maturedRows }, waiting: [{ ...asked, retried: true, waitingSinceMs: null, state: 'waiting-for-labels' }, ...state.waiting], asked: null };
}

/**
 * Carries a pipeline's loop over one closed window, by the decisions that the services take: judge inputs, live the incidents of
 * broken data and of drift, judge the outcomes that became final, and decide what asks for training. Nothing is trained here: after
 * `train` the caller says what came of it, in the state it hands in next.
 */
export function followWindow(state: LoopState, seen: SeenByLoop, rules: LoopRules): { state: LoopState; steps: LoopStep[] } {
  const loop = new Following(state, seen, rules);
  loop.inputs();
  for (const losses of seen.matured) loop.outcome(losses);
  loop.reconsider();
  loop.keepSchedule();
  return { state: loop.state, steps: loop.steps };
}

class Following {
  readonly steps: LoopStep[] = [];
  state: LoopState;

  constructor(
    state: LoopState,
    private readonly seen: SeenByLoop,
    private readonly rules: LoopRules,
  ) {
    this.state = { ...state, incidents: { ...state.incidents } };
  }

  inputs(): void {
    const { profile, reference, separate } = this.seen;
    const { recent, broken } = this.state;
    const decision = decideDrift(profile, reference, recent, this.rules.policy, separate);
    const { beganBefore, ...data } = dataAssessmentOf(decision, recent.at(-1));
    const signs = decision.next.signs.map(({ finding }) => finding);
    const incident = this.live('data', data, signs);
    const broke = incident?.state === 'raised' && decision.next.verdict !== 'in-bounds';
    const before = beganBefore && incident ? [recent.at(-1)?.from ?? ''] : [];
    const kept = broke ? recent.filter(({ from }) => !before.includes(from)) : [...recent, decision.next];
    this.state = { ...this.state, recent: kept.slice(-REMEMBERED_WINDOWS), broken: broke ? [...broken, ...before, decision.next.from] : broken };
    const { diagnosis, because } = this.diagnosisOf(decision);
    this.live('drift', driftAssessmentOf(decision, diagnosis), [...decision.because, ...because]);
  }

  outcome(losses: LossWindow): void {
    const { policy } = this.rules;
    if (this.state.broken.includes(losses.from)) return;
    const matured = [...this.state.outcomes.flatMap(({ losses: each, verdict }) => (verdict === 'cannot-say' ? [] : [each])), losses];
    const decision = decideDegradation(this.seen.usual, matured, policy);
    const { diagnosis, because } = diagnose(
      {
        signs: [],
        inputsDrifted: this.state.incidents.drift?.state === 'raised',
        degraded: decision.verdict === 'degraded',
        matured: matured.filter(({ from }) => decision.changePoint !== null && from >= decision.changePoint),
        reference: this.seen.usual,
      },
      policy,
    );
    this.state.outcomes = [...this.state.outcomes, { losses, verdict: decision.verdict }].slice(-REMEMBERED_WINDOWS);
    const labels = labelsAssessmentOf(matured, this.seen.usual);
    if (labels) this.live('labels', labels.assessment, [labels.finding]);
    const assessed = performanceAssessmentOf(decision, losses, diagnosis);
    this.live('performance', labels?.assessment.verdict === 'alarm' ? { ...assessed, verdict: 'cannot-say' } : assessed, [...decision.because, ...because, ...(labels ? [labels.finding] : [])]);
  }

  /** What waits is decided anew with every window, as more outcomes become final. */
  reconsider(): void {
    const first = firstToAsk(this.state.waiting, changePointOf);
    if (first?.state !== 'waiting-for-labels') return;
    const answer = this.answer(first, null);
    if (answer.decision === 'wait-for-labels' || answer.decision === 'ignore') this.keep({ ...first, waitingSinceMs: first.waitingSinceMs ?? this.seen.nowMs });
    else this.decided(first, answer);
  }

  /** What no signal asked for in time is asked for by the schedule. */
  keepSchedule(): void {
    const { lastRunMs, waiting } = this.state;
    const { nowMs, phase } = this.seen;
    this.state.beganMs ??= nowMs;
    if (!isRunDue({ everyMs: this.rules.everyMs, lastRunMs: lastRunMs ?? this.state.beganMs, nowMs, phase, isBusy: waiting.length > 0 })) return;
    const trigger: WaitingTrigger = { signal: { cause: 'schedule', diagnosis: null, changePointMs: null, modelVersion: null }, kind: 'schedule', incident: '', state: 'waiting-for-labels', waitingSinceMs: null, retried: false };
    this.decided(trigger, this.answer(trigger, null));
  }

  private live(kind: LivedKind, assessment: Assessment, because: Finding[]): Incident | null {
    const current = this.state.incidents[kind] ?? null;
    const { next, action } = decideIncident(current, assessment, { kind, newId: `${kind}-${this.state.raised + 1}`, policy: this.rules.policy });
    if (!next) return null;
    this.state.incidents = { ...this.state.incidents, [kind]: next };
    if (action === 'none') return next;
    this.step(kind, action === 'raise' ? 'raised' : 'resolved', assessment, next.changePoint, because);
    if (action === 'raise') this.raise(kind, next);
    else this.resolve(kind, next);
    return next;
  }

  private raise(kind: LivedKind, { id, diagnosis, changePoint }: Incident): void {
    this.state.raised += 1;
    const cause = kind === 'performance' ? 'performance' : 'drift';
    const trigger: WaitingTrigger = {
      signal: { cause, diagnosis: kind === 'performance' ? null : isBroken(kind) ? 'data-incident' : diagnosis, changePointMs: Date.parse(changePoint), modelVersion: null },
      kind,
      incident: id,
      state: 'waiting-for-labels',
      waitingSinceMs: null,
      retried: false,
    };
    const first = firstToAsk([...this.state.waiting, trigger], changePointOf);
    this.decided(trigger, this.answer(trigger, first && first !== trigger ? first.kind : null));
  }

  /** The end of broken data lifts what they held; what began inside them is dropped. The end of any other incident drops what it asked for. */
  private resolve(kind: LivedKind, { id, changePoint, resolvedAt }: Incident): void {
    const span = { fromMs: Date.parse(changePoint), untilMs: Date.parse(resolvedAt ?? changePoint) };
    const isOver = ({ incident, state, signal }: WaitingTrigger): boolean => incident === id || (isBroken(kind) && state === 'held' && !outlivesIncident(signal.changePointMs, span));
    const lasting = this.state.waiting.filter((trigger) => !isOver(trigger));
    this.state.waiting = isBroken(kind) ? lasting.map((trigger) => ({ ...trigger, state: 'waiting-for-labels' })) : lasting;
  }

  private answer({ signal, waitingSinceMs, retried }: WaitingTrigger, openRun: string | null): TriggerAnswer {
    const { reactions, coolDownMs, runBudget, neededRows, rowsToTryAgain, labelDeadlineMs, maturesAfterMs, trainingLagMs, fewestTrainingRows: needed } = this.rules;
    const { nowMs, days } = this.seen;
    const situation: TriggerSituation = {
      phase: this.seen.phase,
      champion: null,
      openHolds: (['data', 'labels'] as const).flatMap((kind) => (this.state.incidents[kind]?.state === 'raised' ? [this.state.incidents[kind].id] : [])),
      openRun,
      reaction: signal.cause === 'schedule' ? 'retrain' : servingReactionOf({ kind: signal.cause === 'performance' ? 'performance' : 'drift', diagnosis: signal.diagnosis }, reactions),
      nowMs,
      maturedRows: rowsBetween(days, signal.changePointMs, nowMs - maturesAfterMs),
      neededRows,
      trainable: { rows: rowsBetween(days, null, nowMs - trainingLagMs), needed },
      waitingSinceMs,
      labelDeadlineMs,
      lastRunMs: this.state.lastRunMs,
      coolDownMs,
      signalRunsMs: this.state.runsMs,
      runBudget,
      rowsToTryAgain,
      lastRefusal: this.state.lastRefusal,
      retried,
    };
    return decideTrigger(signal, situation);
  }

  private decided(trigger: WaitingTrigger, { decision, because }: TriggerAnswer): void {
    const { from, to } = this.seen.profile;
    const changePoint = trigger.signal.changePointMs === null ? null : new Date(trigger.signal.changePointMs).toISOString();
    this.steps.push({ what: 'decided', kind: trigger.kind, atMs: this.seen.nowMs, window: { from, to }, diagnosis: trigger.signal.diagnosis ?? 'cannot-say', changePoint, decision, because });
    this.state.waiting = this.state.waiting.filter((each) => !isSame(each, trigger));
    if (decision === 'wait-for-labels') this.keep({ ...trigger, waitingSinceMs: this.seen.nowMs });
    if (decision === 'hold' && !isBroken(trigger.kind)) this.keep({ ...trigger, state: 'held' });
    if (decision === 'train') this.state = { ...this.state, lastRunMs: this.seen.nowMs, runsMs: [...this.state.runsMs, this.seen.nowMs], asked: trigger };
  }

  /** In the order in which they came. */
  private keep(trigger: WaitingTrigger): void {
    const { waiting } = this.state;
    this.state.waiting = waiting.some((each) => isSame(each, trigger)) ? waiting.map((each) => (isSame(each, trigger) ? trigger : each)) : [...waiting, trigger];
  }

  private diagnosisOf({ changePoint, columns }: DriftDecision): ReturnType<typeof diagnose> {
    const latest = this.state.outcomes.at(-1);
    return diagnose(
      {
        signs: [],
        inputsDrifted: columns.some(({ column }) => column !== SCORE),
        degraded: !latest || latest.verdict === 'cannot-say' ? null : latest.verdict === 'degraded',
        matured: this.state.outcomes.map(({ losses }) => losses).filter(({ from }) => changePoint !== null && from >= changePoint),
        reference: this.seen.usual,
      },
      this.rules.policy,
    );
  }

  private step(kind: LivedKind, what: 'raised' | 'resolved', { from, to, diagnosis }: Assessment, changePoint: string, because: Finding[]): void {
    this.steps.push({ what, kind, atMs: this.seen.nowMs, window: { from, to }, diagnosis, changePoint, because });
  }
}

const changePointOf = ({ signal }: WaitingTrigger): number | null => signal.changePointMs;

/** The schedule asks for one run at a time, an incident for one. */
function isSame(one: WaitingTrigger, other: WaitingTrigger): boolean {
  return one.kind === other.kind && one.incident === other.incident;
}

/** Broken inputs and broken labels hold training and are never learned. */
function isBroken(kind: AskingKind): boolean {
  return kind === 'data' || kind === 'labels';
}
