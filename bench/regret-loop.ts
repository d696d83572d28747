import type { Pipeline } from '@millrace/contracts';
import { boundedReference, decideGain, decideNextStep, decideRolloutReaction, decideRolloutStart, followWindow, gatePolicyOf, holdOutMetricsOf, judgeGate, judgeTrainingSet, learnsLosses, loopRulesOf, pinColumns, planTrainingSet, referenceOf, refusedLoop, rolloutPlanOf, rowsBetween, startOfLoop, stepsOf, usualLossesOf } from '@millrace/decisions';
import type { BoundedReference, LoopRules, LoopState, LoopStep, LossWindow, MonitoringSignal, PinnedColumn, RolloutState, ServedVersion, Stretch } from '@millrace/decisions';
import { DAY_MS } from './regret-streams.ts';
import type { TimedStream } from './timed-stream.ts';
import type { TrainedModel, TrainingCommand } from './training-command.ts';
import { trainOnBestWindow } from './window-trial.ts';

/** What a strategy did: which model answered when, and what it trained. Times in days since the stream began. */
export interface Lived {
  served: { model: TrainedModel; stretch: Stretch }[];
  trainings: TrainedModel[];
  /** Commands that only tried a training window, in seconds each. */
  trials: number[];
  promotions: { day: number; windows: string }[];
  raised: { day: number; kind: string }[];
  /** Checks that a challenger did not pass, at the gate or in shadow. */
  refused: { day: number; checks: string[] }[];
}

export function nothingLived(): Lived {
  return { served: [], trainings: [], trials: [], promotions: [], raised: [], refused: [] };
}

/** What a version is held against. */
interface Version {
  learnedToMs: number;
  model: TrainedModel;
  windows: string;
  pinned: PinnedColumn[];
  reference: BoundedReference;
  holdOut: LossWindow[];
  firstServed: LossWindow[];
}

interface Shadow {
  version: Version;
  rollout: RolloutState;
  sinceMs: number;
  /** Of its run, when it was asked for. */
  maturedRows: number;
}

/** Lives a stream by the decisions that the services take: windows, incidents, triggers, schedule, training windows, hold-out, gates and the steps of a rollout. */
export class LivedLoop {
  private readonly timed: TimedStream;
  private readonly pipeline: Pipeline;
  private readonly command: TrainingCommand;
  private readonly lived = nothingLived();
  private readonly rules: LoopRules;
  private readonly windowMs: number;
  private readonly broken: Stretch[] = [];
  private state: LoopState;
  private shadow: Shadow | null = null;

  constructor(timed: TimedStream, pipeline: Pipeline, command: TrainingCommand) {
    this.timed = timed;
    this.pipeline = pipeline;
    this.command = command;
    this.rules = loopRulesOf(pipeline);
    this.windowMs = pipeline.monitoring.windowMs;
    this.state = { ...startOfLoop(), lastRunMs: timed.liveMs };
  }

  async live(first: TrainedModel, learned: { training: Stretch; holdOut: Stretch }): Promise<Lived> {
    let version = await this.versionOf(first, 'first', learned.training, learned.holdOut);
    for (let nowMs = this.timed.liveMs + this.windowMs; nowMs <= this.timed.endMs; nowMs += this.windowMs) {
      this.lived.served.push({ model: version.model, stretch: { fromMs: nowMs - this.windowMs, toMs: nowMs } });
      const isAsked = await this.watch(version, nowMs);
      if (this.shadow) version = (await this.followShadow(this.shadow, version, nowMs)) ?? version;
      else if (isAsked) await this.challenge(version, nowMs);
    }
    return this.lived;
  }

  /** Whether training is asked for at the end of a window. */
  private async watch(version: Version, nowMs: number): Promise<boolean> {
    const stretch = { fromMs: nowMs - this.windowMs, toMs: nowMs };
    const usual = usualLossesOf(version.holdOut, version.firstServed);
    const matured = await this.maturedIn(version, { fromMs: stretch.fromMs - this.rules.maturesAfterMs, toMs: nowMs - this.rules.maturesAfterMs });
    const seen = { profile: this.timed.profile(stretch, version.pinned), reference: version.reference, separate: [], usual, matured, days: this.timed.days, phase: this.shadow ? ('open' as const) : ('none' as const), nowMs };
    const { state, steps } = followWindow(this.state, seen, this.rules);
    this.state = state;
    for (const step of steps) {
      const { what, kind, changePoint, window } = step;
      if (what === 'raised') this.lived.raised.push({ day: this.dayOf(nowMs), kind });
      if (what === 'raised' && this.shadow) this.reactInShadow(this.shadow, step, nowMs);
      if (what === 'resolved' && (kind === 'data' || kind === 'labels')) this.broken.push({ fromMs: Date.parse(changePoint ?? window.from), toMs: nowMs });
    }
    return steps.some(({ decision }) => decision === 'train');
  }

  /** Deployment's part: a version in shadow that cannot know the change makes room for one that does. */
  private reactInShadow({ rollout, maturedRows }: Shadow, { kind, changePoint, diagnosis, because }: LoopStep, nowMs: number): void {
    if (kind !== 'drift' && kind !== 'performance') return;
    const signal = { kind, event: { modelVersion: 1, changePoint, diagnosis, because } } as MonitoringSignal;
    const reaction = decideRolloutReaction(rollout, signal, this.pipeline.reactions);
    if (reaction.action !== 'roll-back') return;
    this.shadow = null;
    this.refuse(nowMs, reaction.because, maturedRows);
  }

  /** The window whose outcomes became final; first served ones of a version belong to its reference. */
  private async maturedIn(version: Version, stretch: Stretch): Promise<LossWindow[]> {
    const served = this.lived.served.find((each) => each.stretch.fromMs === stretch.fromMs);
    if (served?.model !== version.model) return [];
    const losses = await this.timed.lossWindow(version.model, stretch, version.pinned);
    if (!learnsLosses(usualLossesOf(version.holdOut, version.firstServed), losses, this.rules.policy.minimumRows)) return [losses];
    version.firstServed.push(losses);
    return [];
  }

  /** Trains as of now and lets the gate judge on the sealed rows; what passes begins its rollout. */
  private async challenge(champion: Version, nowMs: number): Promise<void> {
    const plan = planTrainingSet(this.pipeline, nowMs, this.broken, null);
    const rows = this.timed.rowsIn(plan.training).filter(({ atMs }) => !plan.excluded.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs));
    const maturedRows = rowsBetween(this.timed.days, this.state.asked?.signal.changePointMs ?? null, plan.maturedToMs);
    const counts = { rows: rows.length, positives: rows.filter(({ label }) => label > 0).length, holdOutRows: this.timed.rowsIn(plan.recent).length };
    const thin = judgeTrainingSet(this.pipeline, counts).filter(({ passed }) => !passed);
    if (thin.length > 0) return this.refuse(nowMs, thin, maturedRows);
    const { model, windows, trials } = await trainOnBestWindow(this.command, this.timed, this.pipeline, rows, this.state.asked?.signal.changePointMs ?? null);
    this.lived.trainings.push(model);
    this.lived.trials.push(...trials);
    const version = await this.versionOf(model, windows, plan.training, plan.recent);
    const { verdict, because } = await this.judged(version, champion, plan.recent);
    if (verdict !== 'better') return this.refuse(nowMs, because.filter(({ passed }) => !passed), maturedRows);
    const { next } = decideRolloutStart({ rollout: 'default/ro-1', pipeline: this.pipeline.id, candidate: servedVersion(2), previous: servedVersion(1), plan: { ...rolloutPlanOf(this.pipeline), learnedTo: new Date(version.learnedToMs).toISOString() }, at: -1, pausedBy: null, inconclusive: 0 });
    this.shadow = { version, rollout: next.rollout, sinceMs: nowMs, maturedRows };
  }

  private async judged(version: Version, champion: Version, recent: Stretch): Promise<ReturnType<typeof judgeGate>> {
    const blocks = await this.timed.pairsIn(version.model, champion.model, recent, DAY_MS);
    const labels = this.timed.rowsIn(recent).map(({ label }) => label);
    const metrics = { challenger: holdOutMetricsOf('binary-classification', await this.timed.predictionsIn(version.model, recent), labels), champion: null };
    const holdOuts = [{ kind: 'recent' as const, rows: labels.length, blocks, metrics }];
    return judgeGate({ holdOuts, parity: { rows: 1, largestDifference: 0, passed: true }, parityTolerance: 1e-4 }, gatePolicyOf(this.pipeline.evaluation, 1));
  }

  /** Judges whole blocks whose outcomes are final. Broken data pause the rollout; afterwards its step is judged afresh. @returns the version that serves from now on; null: the same */
  private async followShadow(shadow: Shadow, champion: Version, nowMs: number): Promise<Version | null> {
    const holding = (['data', 'labels'] as const).map((kind) => this.state.incidents[kind]).find((incident) => incident?.state === 'raised');
    if (holding) shadow.sinceMs = nowMs;
    const needs = stepsOf(shadow.rollout.plan)[shadow.rollout.at]?.needs;
    if (!needs?.proof) throw new Error('Error: the bench lives pipelines whose gain is shown in shadow');
    const { blockMs } = needs.proof;
    const stretch = { fromMs: Math.ceil(shadow.sinceMs / blockMs) * blockMs, toMs: Math.floor((nowMs - this.rules.maturesAfterMs) / blockMs) * blockMs };
    const { verdict, because } = decideGain(await this.timed.pairsIn(shadow.version.model, champion.model, stretch, blockMs), { predictions: needs.predictions, proof: needs.proof });
    const decision = decideNextStep({ ...shadow.rollout, pausedBy: holding?.id ?? null }, { step: shadow.rollout.at + 1, verdict, because });
    if (!decision) return null;
    if (decision.next.state === 'open') throw new Error('Error: the bench lives rollouts of one step');
    this.shadow = null;
    if (decision.next.state === 'rolled-back') {
      this.refuse(nowMs, because.filter(({ passed }) => !passed), shadow.maturedRows);
      return null;
    }
    this.lived.promotions.push({ day: this.dayOf(nowMs), windows: shadow.version.windows });
    const { lastRunMs, runsMs } = this.state;
    this.state = { ...startOfLoop(), lastRunMs, runsMs };
    return shadow.version;
  }

  private refuse(nowMs: number, because: readonly { check: string }[], maturedRows: number): void {
    this.lived.refused.push({ day: this.dayOf(nowMs), checks: because.map(({ check }) => check) });
    this.state = refusedLoop(this.state, maturedRows);
  }

  /** A version with its reference: the windows of its whole training set, and the losses of its hold-out. */
  private async versionOf(model: TrainedModel, windows: string, training: Stretch, holdOut: Stretch): Promise<Version> {
    const rows = this.timed.rowsIn(training);
    const pinned = pinColumns(this.timed.stream.features.map(({ name, type }) => ({ name, kind: type === 'string' ? 'category' : 'numeric', values: rows.map(({ features }) => features[name] ?? null) })));
    const reference = referenceOf(pinned, this.windowsIn(training).map((stretch) => this.timed.profile(stretch, pinned)), this.rules.policy);
    const losses: LossWindow[] = [];
    for (const stretch of this.windowsIn(holdOut)) losses.push(await this.timed.lossWindow(model, stretch, pinned));
    return { learnedToMs: training.toMs, model, windows, pinned, reference: boundedReference(reference, this.rules.policy), holdOut: losses, firstServed: [] };
  }

  private windowsIn({ fromMs, toMs }: Stretch): Stretch[] {
    const first = Math.ceil(Math.max(fromMs, this.timed.startMs) / this.windowMs) * this.windowMs;
    return Array.from({ length: Math.max(0, Math.floor((toMs - first) / this.windowMs)) }, (_, i) => ({ fromMs: first + i * this.windowMs, toMs: first + (i + 1) * this.windowMs }));
  }

  private dayOf(ms: number): number {
    return (ms - this.timed.startMs) / DAY_MS;
  }
}

/** A version as a rollout names it; its files play no part here. */
function servedVersion(modelVersion: number): ServedVersion {
  return { modelVersion, run: `default/run-${modelVersion}` } as ServedVersion;
}
