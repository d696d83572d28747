import type { Pipeline } from '@millrace/contracts';
import { boundedReference, decideShadow, followWindow, gatePolicyOf, holdOutMetricsOf, judgeGate, learnsLosses, loopRulesOf, lossWindowOf, pairedBlocksOf, pinColumns, planTrainingSet, profileOf, referenceOf, refusedLoop, rowsBetween, startOfLoop, usualLossesOf } from '@millrace/decisions';
import type { BoundedReference, DayRows, LossWindow, LoopRules, LoopState, PairedBlock, PinnedColumn, WindowProfile } from '@millrace/decisions';
import { DAY_MS } from './regret-streams.ts';
import type { RegretStream, StreamRow } from './regret-streams.ts';
import { predictionsOf } from './training-command.ts';
import type { TrainedModel, TrainingCommand } from './training-command.ts';

const SHADOW_ALPHA = 0.05;
const SHADOW_BLOCKS = 3;
/** With fewer rows since the change the whole window is trained on. */
const FEWEST_ROWS_SINCE_CHANGE = 600;

/** What a strategy did: which model answered each day, and what it trained. */
export interface Lived {
  /** By day since the first model serves. */
  models: TrainedModel[];
  trainings: TrainedModel[];
  promotions: { day: number; promised: number }[];
  /** Days on which an incident was raised, by kind. */
  raised: { day: number; kind: string }[];
  /** Checks of the gate that a challenger did not pass. */
  refused: { day: number; checks: string[] }[];
}

/** What a version is held against, and what is remembered of it. */
interface Version {
  model: TrainedModel;
  pinned: PinnedColumn[];
  reference: BoundedReference;
  holdOut: LossWindow[];
  firstServed: LossWindow[];
  tries: number;
}

/** Lives a stream by the platform's decisions: windows, incidents, triggers, sealed hold-outs, gates and shadow, all as the services take them. */
export class LivedLoop {
  private readonly lived: Lived = { models: [], trainings: [], promotions: [], raised: [], refused: [] };
  private readonly rules: LoopRules;
  private readonly startMs: number;
  private readonly days: DayRows[];
  private readonly stream: RegretStream;
  private readonly pipeline: Pipeline;
  private readonly command: TrainingCommand;

  constructor(stream: RegretStream, pipeline: Pipeline, command: TrainingCommand) {
    this.stream = stream;
    this.pipeline = pipeline;
    this.command = command;
    this.rules = loopRulesOf(pipeline);
    this.startMs = Math.floor((stream.days[0]?.[0]?.atMs ?? 0) / DAY_MS) * DAY_MS;
    this.days = stream.days.map((rows, day) => ({ day: this.isoOf(day).slice(0, 10), rows: rows.length }));
  }

  async live(first: TrainedModel, firstDays: { training: number[]; holdOut: number[] }): Promise<Lived> {
    let version = await this.versionOf(first, firstDays);
    let state: LoopState = startOfLoop();
    let shadow: { version: Version; since: number; promised: number } | null = null;
    for (let day = this.stream.past; day < this.stream.days.length; day += 1) {
      this.lived.models.push(version.model);
      const matured = await this.maturedOn(version, day);
      const seen = { profile: this.profile(day, version.pinned), reference: version.reference, separate: [], usual: usualLossesOf(version.holdOut, version.firstServed), matured, days: this.days.slice(0, day + 1), phase: shadow ? ('open' as const) : ('none' as const), nowMs: this.endOf(day) };
      const followed = followWindow(state, seen, this.rules);
      state = followed.state;
      for (const { what, kind } of followed.steps) if (what === 'raised') this.lived.raised.push({ day, kind });
      if (shadow) {
        const verdict = await this.judgeShadow(shadow.version.model, version.model, shadow.since, day);
        if (verdict === 'pass') {
          this.lived.promotions.push({ day: day + 1, promised: shadow.promised });
          [version, state] = [shadow.version, { ...startOfLoop(), lastRunMs: state.lastRunMs }];
        }
        if (verdict !== 'inconclusive') shadow = null;
        continue;
      }
      if (!followed.steps.some(({ decision }) => decision === 'train')) continue;
      const challenger = await this.challenge(version, day, state);
      version = { ...version, tries: version.tries + 1 };
      if (challenger) shadow = { version: challenger.version, since: day + 1, promised: challenger.promised };
      else state = refusedLoop(state, this.maturedRows(state, day));
    }
    return this.lived;
  }

  /** Trains as of the end of a day, seals the newest rows, and lets the gate judge. Null when the champion stays. */
  private async challenge(champion: Version, day: number, state: LoopState): Promise<{ version: Version; promised: number } | null> {
    const plan = planTrainingSet(this.pipeline, this.endOf(day), [], null);
    const training = this.daysWithin(plan.training);
    const holdOut = this.daysWithin(plan.recent);
    const changePointMs = state.asked?.signal.changePointMs ?? null;
    const changePoint = changePointMs === null ? null : new Date(changePointMs).toISOString();
    const since = this.trainingDaysSince(training, changePointMs);
    const rows = since.flatMap((each) => this.stream.days[each] ?? []);
    const model = await this.command.train(this.stream, `${since[0]}-${since.at(-1)}`, rows, changePoint);
    this.lived.trainings.push(model);
    const version = await this.versionOf(model, { training: since, holdOut });
    const blocks = await this.pairs(model, champion.model, holdOut);
    const [labels, scores] = [holdOut.flatMap((each) => this.labels(each)), (await Promise.all(holdOut.map((each) => predictionsOf(model, this.stream, each)))).flat()];
    const metrics = { challenger: holdOutMetricsOf('binary-classification', scores, labels), champion: null };
    const parity = { rows: 1, largestDifference: 0, passed: true };
    const { verdict, because } = judgeGate({ holdOuts: [{ kind: 'recent', rows: labels.length, blocks, metrics }], parity, parityTolerance: 1e-4 }, gatePolicyOf(this.pipeline.evaluation, champion.tries + 1));
    const total = blocks.reduce((sum, block) => sum + block.rows, 0);
    const promised = blocks.reduce((sum, block) => sum + block.rows * ((block.championLoss ?? NaN) - block.challengerLoss), 0) / total;
    if (verdict !== 'better') this.lived.refused.push({ day, checks: because.flatMap(({ passed, check }) => (passed ? [] : [check])) });
    return verdict === 'better' ? { version, promised } : null;
  }

  /** Rows since the change alone when they are enough (as the platform's training examples do), else all of the window. */
  private trainingDaysSince(training: number[], changePointMs: number | null): number[] {
    const since = training.filter((day) => changePointMs !== null && this.endOf(day) > changePointMs);
    const rows = since.reduce((sum, day) => sum + (this.stream.days[day]?.length ?? 0), 0);
    return rows >= FEWEST_ROWS_SINCE_CHANGE ? since : training;
  }

  private async judgeShadow(challenger: TrainedModel, champion: TrainedModel, since: number, day: number): Promise<'pass' | 'fail' | 'inconclusive'> {
    const days = Array.from({ length: Math.max(0, day - since) }, (_, i) => since + i);
    const { shadow } = this.pipeline.rollout;
    return decideShadow(await this.pairs(challenger, champion, days), { predictions: shadow.predictions, minimumBlocks: SHADOW_BLOCKS, margin: shadow.margin, alpha: SHADOW_ALPHA }).verdict;
  }

  private async pairs(challenger: TrainedModel, champion: TrainedModel, days: readonly number[]): Promise<PairedBlock[]> {
    const scored = { blocks: [] as string[], labels: [] as number[], challenger: [] as number[], champion: [] as number[] };
    for (const day of days) {
      scored.labels.push(...this.labels(day));
      scored.blocks.push(...this.labels(day).map(() => this.isoOf(day).slice(0, 10)));
      scored.challenger.push(...(await predictionsOf(challenger, this.stream, day)));
      scored.champion.push(...(await predictionsOf(champion, this.stream, day)));
    }
    return pairedBlocksOf('log-loss', scored);
  }

  /** The day whose outcomes became final with the end of this one; first served days of a version belong to its reference. */
  private async maturedOn(version: Version, day: number): Promise<LossWindow[]> {
    const matured = day - Math.ceil(this.rules.maturesAfterMs / DAY_MS);
    const served = this.lived.models[matured - this.stream.past];
    if (matured < this.stream.past || served !== version.model) return [];
    const losses = await this.lossOf(version.model, matured, version.pinned);
    if (!learnsLosses(usualLossesOf(version.holdOut, version.firstServed), losses, this.rules.policy.minimumRows)) return [losses];
    version.firstServed.push(losses);
    return [];
  }

  private async versionOf(model: TrainedModel, { training, holdOut }: { training: readonly number[]; holdOut: readonly number[] }): Promise<Version> {
    const rows = training.flatMap((day) => this.stream.days[day] ?? []);
    const pinned = pinColumns(this.stream.features.map(({ name, type }) => ({ name, kind: type === 'string' ? 'category' : 'numeric', values: rows.map(({ features }) => features[name] ?? null) })));
    const reference = referenceOf(pinned, training.map((day) => this.profile(day, pinned)), this.rules.policy);
    const losses: LossWindow[] = [];
    for (const day of holdOut) losses.push(await this.lossOf(model, day));
    return { model, pinned, reference: boundedReference(reference, this.rules.policy), holdOut: losses, firstServed: [], tries: 0 };
  }

  private profile(day: number, pinned: readonly PinnedColumn[]): WindowProfile {
    const rows: StreamRow[] = this.stream.days[day] ?? [];
    const columns = Object.fromEntries(pinned.map(({ name }) => [name, rows.map(({ features }) => features[name] ?? null)]));
    return profileOf({ fromMs: this.endOf(day) - DAY_MS, toMs: this.endOf(day) }, pinned, { timesMs: rows.map(({ atMs }) => atMs), columns, repeated: 0 });
  }

  private async lossOf(model: TrainedModel, day: number, pinned: readonly PinnedColumn[] = []): Promise<LossWindow> {
    const predictions = await predictionsOf(model, this.stream, day);
    const rows = (this.stream.days[day] ?? []).map(({ label, features }, row) => ({ label, prediction: predictions[row] ?? NaN, inputs: pinned.map(({ name }) => features[name] ?? null) }));
    return lossWindowOf({ from: this.isoOf(day), to: this.isoOf(day + 1) }, 'log-loss', rows, pinned);
  }

  private maturedRows({ asked }: LoopState, day: number): number {
    return rowsBetween(this.days, asked?.signal.changePointMs ?? null, this.endOf(day) - this.rules.maturesAfterMs);
  }

  private daysWithin({ fromMs, toMs }: { fromMs: number; toMs: number }): number[] {
    return [...this.stream.days.keys()].filter((day) => this.endOf(day) - DAY_MS >= fromMs && this.endOf(day) <= toMs);
  }

  private labels(day: number): number[] {
    return (this.stream.days[day] ?? []).map(({ label }) => label);
  }

  private isoOf(day: number): string {
    return new Date(this.startMs + day * DAY_MS).toISOString();
  }

  private endOf(day: number): number {
    return this.startMs + (day + 1) * DAY_MS;
  }
}
